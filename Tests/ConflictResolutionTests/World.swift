import Commerce
import ConflictResolution

/// The hub and two channels, as policies see them.
enum World {
    static let hub = ActorIdentity(role: .hub, name: "main", incarnation: "k3f9").actor
    static let web = ActorIdentity(role: .channel, name: "web", incarnation: "77aa").actor
    static let app = ActorIdentity(role: .channel, name: "app", incarnation: "c001").actor
    static let actors =
        [hub, web, app]
        + ["mini", "till", "stall"].map { ActorIdentity(role: .channel, name: $0, incarnation: "0001").actor }

    struct Hub: Authority {
        func isHub(_ actor: Actor) -> Bool { actor == World.hub }
    }
}

/// Every write of a unit, remembered for ever.
struct FullHistory: UnitHistory {
    var writes: [Version<JSON?>] = []

    func versions(within clock: VectorClock) -> [Version<JSON?>]? {
        let known = writes.filter { clock.covers($0.dot) }
        return known.filter { one in !known.contains { $0.dot != one.dot && $0.context.covers(one.dot) } }
    }
}

/// A past nobody kept.
struct NoHistory: UnitHistory {
    func versions(within clock: VectorClock) -> [Version<JSON?>]? { nil }
}

extension Version where Value == JSON? {
    /// A write made at `time` by one who had seen `seen`.
    static func by(_ actor: Actor, at time: Int64, having seen: VectorClock = VectorClock(), _ value: JSON?) -> Version {
        Version(dot: seen.next(actor), context: seen, stamp: Stamp(time: Timestamp(milliseconds: time)), value: value)
    }
}
