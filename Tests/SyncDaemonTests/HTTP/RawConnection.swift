import Dispatch
import Glibc
import Synchronization

/// A connection that sends whatever a test wants, valid or not.
final class RawConnection: Sendable {
    struct Refused: Error { let code: Int32 }

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try connect(&address, MemoryLayout<sockaddr_in>.size)
    }

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        try connect(&address, MemoryLayout<sockaddr_un>.size)
    }

    private func connect<A>(_ address: inout A, _ size: Int) throws {
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(size)) }
        }
        guard result == 0 else { throw Refused(code: errno) }
    }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // The other side may have answered and closed before it read everything.
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Everything until the other side closes.
    func readToEnd() async -> String { await read(until: nil) }

    /// Everything until `end` has come, or the other side closes.
    func read(until end: String?) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [self] in
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    bytes.append(contentsOf: buffer[..<count])
                    if let end, String(decoding: bytes, as: UTF8.self).hasSuffix(end) { break }
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    deinit { close(descriptor) }
}

/// Set once, seen from anywhere.
final class Ended: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
