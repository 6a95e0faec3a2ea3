import Commerce
import ConflictResolution
import Simulation
import TestKit

/// Two ends write beside each other, exchange what they know, and work out what is live.
struct Merging {
    let seed: UInt64
    private static let merges = 20_000

    private struct Hub: Authority {
        let hub: Actor
        func isHub(_ actor: Actor) -> Bool { actor == hub }
    }

    /// Everything written so far to one unit.
    private struct Past: UnitHistory {
        var writes: [Version<JSON?>] = []
        func versions(within clock: VectorClock) -> [Version<JSON?>]? {
            let known = writes.filter { clock.covers($0.dot) }
            return known.filter { one in !known.contains { $0.dot != one.dot && $0.context.covers(one.dot) } }
        }
    }

    func measure() -> Figure {
        let hub = ActorIdentity(role: .hub, name: "main", incarnation: "b1").actor
        let web = ActorIdentity(role: .channel, name: "web", incarnation: "b1").actor
        let random = SeededRandom(seed: seed)
        var overruled = 0
        let taken = seconds {
            for number in 0..<Merging.merges {
                var here = Siblings<JSON?>()
                var past = Past()
                let first = version(hub, VectorClock(), random, number)
                here.update(first)
                var there = here
                let ours = version(hub, here.clock, random, number + 1)
                let theirs = version(web, there.clock, random, number + 2)
                here.update(ours)
                there.update(theirs)
                past.writes = [first, ours, theirs]
                here.sync(there)
                let resolver = Resolver(policy: .disjointText, authority: Hub(hub: hub), history: past)
                overruled += resolver.resolve(here).overruled.count
            }
        }
        precondition(overruled > 0, "nothing was in conflict")
        return Figure(
            name: "merge: 3 updates, sync, resolve a text", value: Double(Merging.merges) / taken, unit: "merges/s")
    }

    private func version(_ actor: Actor, _ seen: VectorClock, _ random: SeededRandom, _ number: Int) -> Version<JSON?> {
        Version(
            dot: seen.next(actor), context: seen, stamp: Stamp(raw: random.next() >> 8), value: Applying.value(number))
    }
}
