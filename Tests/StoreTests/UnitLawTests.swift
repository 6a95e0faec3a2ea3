import Commerce
import ConflictResolution
import Simulation
import TestKit
import Testing

@testable import Store

@Suite struct UnitLawTests {
    private func open(_ seed: UInt64) async throws -> Store {
        let store = try Store(.memory, surroundings: .still(seed: seed))
        try await store.write { writing throws(StoreError) in
            try writing.create(place("c").entity)
            for identity in CausalHistory.authors {
                try writing.perform { db in _ = try writing.desk.directory.intern(identity, db) }
            }
        }
        return store
    }

    private func offer(_ write: CausalHistory.Write, to store: Store) async throws(StoreError) -> UnitOutcome {
        try await store.write { writing throws(StoreError) in
            try writing.apply(
                UnitWrite(
                    place("c"), write.value, causality: .counted(write.dot, seen: write.seen), stamp: write.stamp,
                    author: "test", origin: .channel))
        }
    }

    /// Delivers in any order, some twice; what claims writes not known yet comes again later, as a channel would send it.
    private func deliver(_ history: CausalHistory, to store: Store, _ random: SeededRandom) async throws {
        var waiting = history.writes
        var delivered: [CausalHistory.Write] = []
        while !waiting.isEmpty {
            let write = waiting.remove(at: Int(random.next() % UInt64(waiting.count)))
            do throws(StoreError) {
                _ = try await offer(write, to: store)
                delivered.append(write)
            } catch .invalid {
                waiting.append(write)
                continue
            }
            if random.next() % 3 == 0 {
                let again = delivered[Int(random.next() % UInt64(delivered.count))]
                guard case .known = try await offer(again, to: store) else {
                    Issue.record("a second delivery was not known")
                    return
                }
            }
        }
    }

    @Test func `whatever the order of delivery, what is alive and live equals the causal histories`() async throws {
        for seed in UInt64(1)...60 {
            let history = CausalHistory(seed: seed, count: 12)
            for order in UInt64(0)..<3 {
                let store = try await open(seed)
                try await deliver(history, to: store, SeededRandom(seed: seed &* 31 &+ order))
                let found = try await store.read { reading throws(StoreError) in
                    (view: try reading.view(place("c")), findings: try reading.examine())
                }
                #expect(found.view?.versions.map(\.dot) == history.alive.map(\.dot), "seed \(seed), order \(order)")
                #expect(try found.view?.head.liveJSON()?["position"] == history.live?["position"], "seed \(seed), order \(order)")
                #expect(found.findings == [], "seed \(seed), order \(order)")
            }
        }
    }

    @Test func `hub and channels edit with stale knowledge, and no write is lost unseen`() async throws {
        for seed in UInt64(1)...40 {
            let store = try await open(seed)
            let random = SeededRandom(seed: seed)
            var knows = [VectorClock](repeating: VectorClock(), count: CausalHistory.authors.count)
            var pasts: [Dot: VectorClock] = [:]
            for number in 0..<30 {
                let author = Int(random.next() % 4)
                let clock = try await store.read { reading throws(StoreError) in try reading.head(place("c"))?.clock }
                if random.next() % 3 == 0 { knows[author] = clock ?? VectorClock() }
                let causality: UnitWrite.Causality =
                    random.next() % 4 == 0 ? .hub : .observed(CausalHistory.authors[author].actor, seen: knows[author])
                try await store.write { writing throws(StoreError) in
                    _ = try writing.apply(
                        UnitWrite(place("c"), standing(number), causality: causality, author: "test", origin: .channel))
                }
                let head = try #require(try await store.read { reading throws(StoreError) in try reading.head(place("c")) })
                pasts[head.dot] = head.context
            }
            let view = try #require(try await store.read { reading throws(StoreError) in try reading.view(place("c")) })
            let alive = pasts.keys.filter { dot in !pasts.values.contains { $0.covers(dot) } }.sorted()
            #expect(view.versions.map(\.dot) == alive, "seed \(seed)")
            #expect(try await store.read { reading throws(StoreError) in try reading.examine() } == [], "seed \(seed)")
        }
    }

    @Test func `a clock that claims what nobody wrote is refused`() async throws {
        let store = try await open(1)
        let web = CausalHistory.authors[0].actor
        let app = CausalHistory.authors[1].actor
        let stranger = ActorIdentity(role: .channel, name: "stranger", incarnation: "one").actor
        func clock(_ entries: (Actor, UInt64)...) -> VectorClock {
            VectorClock(entries.map { VectorClock.Entry(actor: $0.0, count: $0.1) })
        }
        let now = ManualTime().now()
        let claims: [(String, Dot, VectorClock, Stamp?)] = [
            ("an unknown write of another", Dot(actor: web, count: 1), clock((app, 3)), nil),
            ("a gap in its own", Dot(actor: web, count: 3), clock((web, 1)), nil),
            ("a write after itself", Dot(actor: web, count: 1), clock((web, 1)), nil),
            ("an absurd count", Dot(actor: web, count: .max), clock((web, .max - 1)), nil),
            ("a count that wraps", Dot(actor: web, count: 1), clock((web, .max)), nil),
            ("an author nobody introduced", Dot(actor: stranger, count: 1), clock(), nil),
            ("a past of nobody", Dot(actor: web, count: 1), clock((stranger, 1)), nil),
            ("years ahead", Dot(actor: web, count: 1), clock(), Stamp(time: now + .seconds(86_400 * 1_000))),
            ("ten minutes ahead", Dot(actor: web, count: 1), clock(), Stamp(time: now + .seconds(600))),
        ]
        for (name, dot, seen, stamp) in claims {
            do {
                _ = try await store.write { writing throws(StoreError) in
                    try writing.apply(
                        UnitWrite(
                            place("c"), standing(1), causality: .counted(dot, seen: seen), stamp: stamp, author: "t",
                            origin: .channel))
                }
                Issue.record("\(name) was accepted")
            } catch StoreError.invalid(let failure) {
                #expect(!failure.reason.isEmpty, "\(name)")
            }
        }
        #expect(try await store.newest() == 0)
    }
}
