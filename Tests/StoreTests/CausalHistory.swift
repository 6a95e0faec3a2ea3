import Commerce
import ConflictResolution
import Simulation
import Store
import TestKit

/// What three channels and an operator's node wrote to one unit, with full causal pasts as plain sets.
///
/// The oracle of ``UnitLawTests``: it knows nothing of clocks. A write is alive when no
/// other delivered write has it in its past.
struct CausalHistory {
    struct Write {
        let dot: Dot
        let seen: VectorClock
        let stamp: Stamp
        let value: JSON
        /// Every write its author had seen, as a set.
        let past: Set<Dot>
    }

    static let authors: [ActorIdentity] = ["web", "app", "desk"].map {
        ActorIdentity(role: .channel, name: $0, incarnation: "one")
    } + [ActorIdentity(role: .node, name: "away", incarnation: "one")]

    private(set) var writes: [Write] = []

    /// Authors write, and now and then one reads what another has seen.
    init(seed: UInt64, count: Int) {
        let random = SeededRandom(seed: seed)
        var pasts = [Set<Dot>](repeating: [], count: CausalHistory.authors.count)
        var clocks = [VectorClock](repeating: VectorClock(), count: CausalHistory.authors.count)
        let start = ManualTime().now().milliseconds
        while writes.count < count {
            let author = Int(random.next() % UInt64(CausalHistory.authors.count))
            if random.next() % 3 == 0 {
                let other = Int(random.next() % UInt64(CausalHistory.authors.count))
                pasts[author].formUnion(pasts[other])
                clocks[author].join(clocks[other])
                continue
            }
            let dot = clocks[author].next(CausalHistory.authors[author].actor)
            // Some stamps lie, and lie backwards: they must not matter for what is alive.
            let time = start + Int64(writes.count) * 10 - Int64(random.next() % 200)
            writes.append(
                Write(
                    dot: dot, seen: clocks[author], stamp: Stamp(time: Timestamp(milliseconds: time)),
                    value: standing(writes.count), past: pasts[author]))
            pasts[author].insert(dot)
            clocks[author].insert(dot)
        }
    }

    /// The writes nobody has seen the end of, by dot.
    var alive: [Write] {
        let superseded = writes.reduce(into: Set<Dot>()) { $0.formUnion($1.past) }
        return writes.filter { !superseded.contains($0.dot) }.sorted { $0.dot < $1.dot }
    }

    /// The value the last writer left: the greatest stamp of those alive, then the greatest dot.
    var live: JSON? {
        alive.max { $0.stamp != $1.stamp ? $0.stamp < $1.stamp : $0.dot < $1.dot }?.value
    }
}
