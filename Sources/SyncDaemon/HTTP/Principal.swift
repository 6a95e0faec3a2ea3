import Commerce

/// What an operator may do; each scope includes the ones before it.
enum Scope: String, CaseIterable, Comparable, Sendable {
    case read, operate, admin

    private var rank: Int { Scope.allCases.firstIndex(of: self) ?? 0 }
    static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }
}

/// Who is asking, as the door established it; every change is audited under this name.
struct Principal: Hashable, Sendable {
    enum Identity: Hashable, Sendable {
        /// Came over the UNIX socket; the kernel vouches for the user and the process.
        case host(user: UInt32, process: Int32)
        /// Came over the UNIX socket, on a system that does not tell who the peer is.
        case socket
        case token(id: String, name: String)
        case channel(ChannelID)
        /// Somebody who shops at a channel, which vouches for who it is.
        case shopper(Shopper)
        /// A reader of the status page on a loopback listener.
        case reader
    }

    let identity: Identity
    /// nil for a channel, which has no say in the admin API.
    let scope: Scope?

    /// How logs and the audit name it: `uid:1000`, `token:7f3k`, `channel:web`.
    var name: String {
        switch identity {
        case .host(let user, _): "uid:\(user)"
        case .socket: "socket"
        case .token(let id, _): "token:\(id)"
        case .channel(let id): "channel:\(id)"
        // Not who: names in logs and metrics are of machines.
        case .shopper(let shopper): "shop:\(shopper.channel)"
        case .reader: "reader"
        }
    }
}
