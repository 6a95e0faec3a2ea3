import Foundation

/// A server on loopback that does exactly what a test tells it, good or bad.
///
/// One thread a connection; for the few connections of a test that is the plainest way
/// to answer late, in pieces or not at all.
final class RudeServer: @unchecked Sendable {
    // Unchecked because the mutable state is only touched under `lock`.
    private let lock = NSLock()
    private var listener: Int32
    private var acceptedCount = 0
    let port: UInt16

    init(_ serve: @escaping @Sendable (RudeConnection) -> Void) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        precondition(bound, "no loopback port for the test's server")
        port = UInt16(bigEndian: address.sin_port)
        listener = descriptor
        Thread.detachNewThread { [weak self] in
            while true {
                let accepted = accept(descriptor, nil, nil)
                guard accepted >= 0 else {
                    // Closed here and nowhere else: under a closed number this thread could take a stranger's connections.
                    if let self { return self.closeListener() }
                    close(descriptor)
                    return
                }
                self?.count()
                Thread.detachNewThread { serve(RudeConnection(descriptor: accepted)) }
            }
        }
    }

    deinit { stop() }

    var url: String { "http://127.0.0.1:\(port)" }
    var accepted: Int { lock.withLock { acceptedCount } }

    /// Refuses connections from now on; those open stay open.
    func stop() {
        lock.withLock {
            guard listener >= 0 else { return }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    private func closeListener() {
        lock.withLock {
            close(listener)
            listener = -1
        }
    }

    private func count() { lock.withLock { acceptedCount += 1 } }
}

struct RudeConnection: Sendable {
    let descriptor: Int32

    struct Request: Sendable {
        let head: String
        let body: [UInt8]
    }

    /// Reads one request by its Content-Length; nil when the peer has closed.
    func request() -> Request? {
        guard let head = head() else { return nil }
        let length =
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
        return Request(head: head, body: bytes(length))
    }

    /// Reads up to the blank line, byte by byte, so that nothing of the body is taken.
    func head() -> String? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            var byte: UInt8 = 0
            guard recv(descriptor, &byte, 1, 0) == 1 else { return nil }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self)
    }

    /// Reads until the peer closes, and counts.
    func drain() -> Int {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var total = 0
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return total }
            total += count
        }
    }

    func bytes(_ count: Int) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + filled, count - filled, 0) }
            guard read > 0 else { break }
            filled += read
        }
        return Array(buffer[..<filled])
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    func answer(_ body: String, status: String = "200 OK", headers: String = "") {
        write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    func end() { close(descriptor) }
}
