/// A host and a port to listen on; written `127.0.0.1:8470` or `[::1]:8470`.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    let host: String
    /// 0 lets the kernel choose.
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// - Returns: nil when the text has no host, or no port between 0 and 65535.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "/" || $0 == "[" || $0 == "]" })
        else { return nil }
        self.init(host: String(host), port: port)
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
