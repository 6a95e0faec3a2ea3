import Foundation

/// How many 4 KiB pages a second the disk makes durable, one after the other.
struct DiskProbe {
    let directory: String

    func measure() throws -> Double {
        let path = directory + "/probe"
        let file = open(path, O_RDWR | O_CREAT, 0o600)
        try require(file >= 0, "cannot write in \(directory)")
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 7, count: 4_096)
        let start = HostTime.nanoseconds
        var count = 0
        while count < 2_000, HostTime.nanoseconds - start < 250_000_000 {
            let written = pwrite(file, page, page.count, off_t(count % 256 * page.count))
            try require(written == page.count && fdatasync(file) == 0, "the probe could not be written")
            count += 1
        }
        return Double(count) * 1e9 / Double(HostTime.nanoseconds - start)
    }
}
