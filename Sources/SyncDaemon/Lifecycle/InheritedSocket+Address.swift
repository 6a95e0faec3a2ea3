import Glibc

extension InheritedSocket.Address {
    /// - Returns: nil for other families, and for a UNIX socket without a path.
    init?(of descriptor: Int32) {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let words = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> (host: String, port: Int)? in
                guard getsockname(descriptor, address, &size) == 0 else { return nil }
                guard [AF_INET, AF_INET6].contains(Int32(address.pointee.sa_family)) else { return nil }
                return Self.numbers(address, size)
            }
        }
        if let words {
            self = .internet(ListenAddress(host: words.host, port: words.port))
            return
        }
        guard Int32(storage.ss_family) == AF_UNIX else { return nil }
        let path = withUnsafeBytes(of: &storage) { bytes in
            let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
            return Array(bytes[offset..<max(offset, min(Int(size), bytes.count))].prefix { $0 != 0 })
        }
        guard !path.isEmpty else { return nil }
        self = .path(String(decoding: path, as: UTF8.self))
    }

    private static func numbers(_ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> (host: String, port: Int)? {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let asked = getnameinfo(
            address, size, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV)
        guard asked == 0, let number = Int(text(port)) else { return nil }
        return (text(host), number)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether a configured address means this socket; port 0 lets whoever opened it choose.
    func isMeant(by configured: ListenAddress) -> Bool {
        guard case .internet(let address) = self else { return false }
        guard configured.port == 0 || configured.port == address.port else { return false }
        if configured.host == "localhost" { return address.isLoopback }
        return Self.packed(configured.host) == Self.packed(address.host)
    }

    /// The bytes of an address, so that `::1` and `0:0:0:0:0:0:0:1` are the same; a name stays a name.
    private static func packed(_ host: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, host, &bytes) == 1 { return Array(bytes[..<4]) }
        if inet_pton(AF_INET6, host, &bytes) == 1 { return bytes }
        return Array(host.utf8) + [0]
    }
}
