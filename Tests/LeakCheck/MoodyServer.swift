import Foundation

/// A server on loopback whose mood is the path that is asked for.
enum MoodyServer {
    static let moods = ["/ok", "/ok", "/close", "/long", "/half", "/silent", "/nonsense"]

    /// - Returns: The port; the server runs until the process ends.
    static func start() -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        precondition(listens, "no loopback port to listen on")
        Thread.detachNewThread {
            while true {
                let peer = accept(listener, nil, nil)
                guard peer >= 0 else { return }
                Thread.detachNewThread {
                    while answer(peer) {}
                    close(peer)
                }
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// - Returns: Whether the connection stays open.
    private static func answer(_ peer: Int32) -> Bool {
        var head = ""
        var byte: UInt8 = 0
        while !head.utf8.reversed().starts(with: [10, 13, 10, 13]) {
            guard recv(peer, &byte, 1, 0) == 1 else { return false }
            head.unicodeScalars.append(Unicode.Scalar(byte))
        }
        let announced = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
        var left = announced.flatMap { Int($0.dropFirst(16)) } ?? 0
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while left > 0 {
            let count = recv(peer, &buffer, min(buffer.count, left), 0)
            guard count > 0 else { return false }
            left -= count
        }
        switch head.split(separator: " ")[1] {
        case "/ok": return say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", to: peer)
        case "/half":
            _ = say("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok", to: peer)
            return false
        case "/long":
            guard say("HTTP/1.1 200 OK\r\n\r\n", to: peer) else { return false }
            while say(String(repeating: "x", count: 20_000), to: peer) {}
            return false
        case "/nonsense":
            _ = say("no such thing as HTTP\r\n\r\n", to: peer)
            return false
        case "/silent": return recv(peer, &byte, 1, 0) == 1
        default: return false
        }
    }

    private static func say(_ text: String, to peer: Int32) -> Bool {
        let bytes = Array(text.utf8)
        return send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}
