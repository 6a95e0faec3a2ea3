import Commerce
import ConflictResolution

/// Clock update, sync and resolution of a unit that six actors write, on one core and in memory alone.
struct MergeTrial: Trial {
    enum Kind: String {
        /// Nobody wrote without having seen the others: what nearly every write is.
        case inOrder = "merge"
        /// Two wrote beside each other, and the later one wins.
        case beside = "merge-beside"
        /// Two edited different members of a text, which are brought together over what both had seen.
        case text = "merge-text"
    }

    let kind: Kind
    let name: String
    let unit = "merges/s"
    let bars: [Bar]
    private let merges: Int
    private let actors: [Actor]

    static func all(_ place: Workplace) -> [MergeTrial] {
        [MergeTrial(.inOrder, place), MergeTrial(.beside, place), MergeTrial(.text, place)]
    }

    private init(_ kind: Kind, _ place: Workplace) {
        self.kind = kind
        name = kind.rawValue
        merges = place.amount(200_000, 2_000_000) / (kind == .text ? 10 : 1)
        bars = [.valueAtLeast(1_000_000)]
        actors = (0..<6).map { number in
            ActorIdentity(role: number == 0 ? .hub : .channel, name: "a\(number)", incarnation: "b1").actor
        }.sorted()
    }

    private struct Hub: Authority {
        let hub: Actor
        func isHub(_ actor: Actor) -> Bool { actor == hub }
    }

    /// Everything that was written to the unit, as far as it matters here.
    private struct Past: UnitHistory {
        var writes: [Version<JSON?>] = []
        func versions(within clock: VectorClock) -> [Version<JSON?>]? {
            let known = writes.filter { clock.covers($0.dot) }
            return known.filter { one in !known.contains { $0.dot != one.dot && $0.context.covers(one.dot) } }
        }
    }

    func measure(round: Int) async throws -> Sample {
        // A core's worth of merges: the thread never waits, so only others keep it from the core.
        let seconds = try ProcessorTime.seconds { try run() }
        return Sample(Double(merges) / seconds)
    }

    private func run() throws {
        let values = kind == .text ? texts : prices
        // A past that all six have a part in and everybody knows.
        var here = Siblings<JSON?>()
        for (count, actor) in actors.enumerated() {
            here.update(Version(dot: here.clock.next(actor), context: here.clock, stamp: Stamp(raw: UInt64(count)), value: values[0]))
        }
        let base = here.versions[0]
        let ground = here
        var live = 0
        for number in 0..<merges {
            let (ours, theirs) = (actors[number % 6], actors[(number + 1) % 6])
            let stamp = Stamp(raw: UInt64(number * 2 + 10))
            if kind != .inOrder { here = ground }
            var there = here
            let first = Version(dot: here.clock.next(ours), context: here.clock, stamp: stamp, value: values[1])
            here.update(first)
            var past = Past()
            if kind == .inOrder {
                there.sync(here)
            } else {
                let second = Version(
                    dot: there.clock.next(theirs), context: there.clock, stamp: Stamp(raw: stamp.raw + 1), value: values[2])
                there.update(second)
                here.sync(there)
                if kind == .text { past.writes = [base, first, second] }
            }
            let resolver = Resolver(
                policy: kind == .text ? .disjointText : .lastWriter, authority: Hub(hub: actors[0]), history: past)
            if resolver.resolve(here).live != nil { live += 1 }
        }
        try require(live == merges, "\(live) of \(merges) merges have a live value")
    }

    private var prices: [JSON?] { (0..<3).map { ["amount": .integer(100 + $0)] } }

    private var texts: [JSON?] {
        let base = Goods.value(1)
        var (ours, theirs) = (base.object ?? JSONObject(), base.object ?? JSONObject())
        ours["title"] = "青瓷茶杯 新款"
        theirs["keywords"] = "茶杯 青瓷 龙泉"
        return [base, .object(ours), .object(theirs)]
    }
}
