import Commerce
import ConflictResolution
import Simulation
import TestKit

/// A unit's life at a few ends that write and sync by chance, with the truth kept aside.
///
/// The truth is what real systems cannot afford: for each write, the plain set of all
/// writes its author had seen. No clock is used to compute it.
struct RandomHistory {
    struct End {
        let actor: Actor
        var siblings = Siblings<JSON?>()
        var known: Set<Dot> = []
        /// What the end's author last read; lags behind what the end has received.
        var read = VectorClock()
        var readKnown: Set<Dot> = []
    }

    private(set) var ends: [End]
    private(set) var writes: [Version<JSON?>] = []
    /// Each write's causal past, itself left out.
    private(set) var pasts: [Dot: Set<Dot>] = [:]

    init(seed: UInt64, policy: MergePolicy, ends count: Int, steps: Int) {
        var random = SeededRandom(seed: seed)
        ends = World.actors.prefix(count).map { End(actor: $0) }
        for step in 0..<steps {
            let end = Int.random(in: 0..<count, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: write(at: end, step: step, policy: policy, random: &random)
            case 5..<9: receive(at: end, from: Int.random(in: 0..<count, using: &random))
            default: refresh(end)
            }
        }
    }

    var history: FullHistory { FullHistory(writes: writes) }

    /// The writes out of `known` that no other of them had seen.
    func maximal(_ known: Set<Dot>) -> Set<Dot> {
        known.filter { one in !known.contains { pasts[$0, default: []].contains(one) } }
    }

    private mutating func refresh(_ end: Int) {
        ends[end].read = ends[end].siblings.clock
        ends[end].readKnown = ends[end].known
    }

    private mutating func receive(at end: Int, from other: Int) {
        ends[end].siblings.sync(ends[other].siblings)
        ends[end].known.formUnion(ends[other].known)
    }

    private mutating func write(at end: Int, step: Int, policy: MergePolicy, random: inout SeededRandom) {
        if Bool.random(using: &random) { refresh(end) }
        let actor = ends[end].actor
        // An end has always seen its own writes, however old what it read.
        let dot = ends[end].siblings.clock.next(actor)
        var context = ends[end].read
        context.raise(actor, to: dot.count - 1)
        let past = ends[end].readKnown.union(ends[end].known.filter { $0.actor == actor })
        let resolver = Resolver(policy: policy, authority: World.Hub(), history: history)
        let shown = resolver.resolve(history.siblings(within: context)).live
        // Few distinct times, so that ties are common.
        let time = Int64(step / 3) + Int64.random(in: 0..<3, using: &random)
        let version = Version<JSON?>(
            dot: dot, context: context, stamp: Stamp(time: Timestamp(milliseconds: time)),
            value: RandomValue.edit(of: shown, policy: policy, random: &random))
        ends[end].siblings.update(version)
        ends[end].known.insert(dot)
        writes.append(version)
        pasts[dot] = past
    }
}

extension FullHistory {
    /// What a holder of exactly the writes within `clock` would hold.
    func siblings(within clock: VectorClock) -> Siblings<JSON?> {
        Siblings(clock: clock, versions: versions(within: clock) ?? [])
    }
}

/// Runs `body` on each seed of a law.
func eachSeed(_ count: UInt64 = 2_000, _ body: (UInt64) throws -> Void) rethrows {
    for seed in 1...count { try body(seed) }
}
