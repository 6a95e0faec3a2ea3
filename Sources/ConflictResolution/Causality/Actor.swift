import Crypto

/// Something that accepts writes on its own: the hub, an operator's node, a channel.
///
/// A 128-bit name derived from ``ActorIdentity``, so every site that hears of an
/// actor gives it the same name and the same place in the total order, and a clock
/// entry costs 24 bytes. Who is behind it is for the store's directory to say.
package struct Actor: Hashable, Comparable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static func < (left: Actor, right: Actor) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

/// Who an actor is: its role, its stable name, and which life of it this is.
///
/// A new incarnation begins whenever counters may have been lost: a store restored
/// or copied, a channel relinked to another shop. Two lives never share a counter,
/// so nothing an old life wrote can be mistaken for something a new one did.
package struct ActorIdentity: Hashable, Sendable, CustomStringConvertible {
    package enum Role: String, Sendable, CaseIterable {
        case hub
        case node = "op"
        case channel = "ch"
        /// Writes a channel's value again in its unit's normal form; has no authority of its own.
        case scribe = "sc"
    }

    package let role: Role
    package let name: String
    /// From the injected id source, never from a clock.
    package let incarnation: String
    /// The actor of this identity: the first 128 bits of the SHA-256 of its text.
    package let actor: Actor

    package init(role: Role, name: String, incarnation: String) {
        self.role = role
        self.name = name
        self.incarnation = incarnation
        var digest = Array(SHA256.hash(data: Array("\(role.rawValue):\(name):\(incarnation)".utf8))).makeIterator()
        func word() -> UInt64 { (0..<8).reduce(0) { sum, _ in sum << 8 | UInt64(digest.next() ?? 0) } }
        actor = Actor(high: word(), low: word())
    }

    /// Reads `role:name:incarnation`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let role = Role(rawValue: String(parts[0])), !parts[1].isEmpty, !parts[2].isEmpty,
            text.utf8.count <= 128
        else { return nil }
        self.init(role: role, name: String(parts[1]), incarnation: String(parts[2]))
    }

    package var description: String { "\(role.rawValue):\(name):\(incarnation)" }
}
