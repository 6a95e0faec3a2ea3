/// The doors into the daemon.
enum Listener: String, Sendable, CaseIterable {
    /// Channels and gateways.
    case `public`
    /// Operators, over TCP.
    case admin
    /// Operators of this host, over the UNIX socket.
    case socket
}
