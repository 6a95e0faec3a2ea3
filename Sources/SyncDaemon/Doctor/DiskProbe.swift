import CDispatch
import Commerce
import Dispatch
import Glibc

/// Measures how long a small write takes to be on disk.
enum DiskProbe {
    private static let rounds = 5
    /// `O_TMPFILE`, which the module of the C library leaves out.
    private static let unnamed = 0o20_000_000 | O_DIRECTORY

    /// Runs on a thread of its own: on a disk that does not answer it never comes back, and nobody waits for it.
    static func times(in directory: String) async -> [Duration]? {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "heyi.doctor.disk").async { continuation.resume(returning: measured(directory)) }
        }
    }

    private static func measured(_ directory: String) -> [Duration]? {
        // A file without a name: gone with its descriptor, whatever happens.
        let descriptor = open(directory, unnamed | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0x48, count: 4_096)
        let time = SystemTime()
        var times: [Duration] = []
        for _ in 0..<rounds {
            let start = time.monotonicNanoseconds()
            guard pwrite(descriptor, page, page.count, 0) == page.count, fsync(descriptor) == 0 else { return nil }
            times.append(.nanoseconds(Int64(clamping: time.monotonicNanoseconds() &- start)))
        }
        return times.sorted()
    }
}
