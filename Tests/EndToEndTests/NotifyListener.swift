import Foundation

/// Stands where systemd listens for what a service says about itself.
final class NotifyListener {
    let path: String
    private let descriptor: Int32
    private var heard: [String] = []

    init() throws {
        let name = "heyi-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        path = "@\(name)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A name that begins with a zero byte lies in no directory.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: [0] + Array(name.utf8)) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0 else { throw Overdue(description: "no socket to listen at: \(errno)") }
    }

    /// Whether some message so far contains this.
    func hears(_ words: String) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 8_192)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            heard.append(String(decoding: buffer[..<count], as: UTF8.self))
        }
        return heard.contains { $0.contains(words) }
    }

    func forget() {
        _ = hears("")
        heard = []
    }

    deinit { close(descriptor) }
}
