import Commerce
import ConflictResolution
import Testing

/// The merged set against one that carries its dots with it from write to write.
@Suite struct SetOracleTests {
    /// The textbook set: each element with the writes that added it, and everything seen.
    private struct Dotted {
        var elements: [JSON: Set<Dot>] = [:]
        var seen: Set<Dot> = []

        static func joined(_ states: [Dotted]) -> Dotted {
            var result = Dotted()
            for state in states { result.seen.formUnion(state.seen) }
            let names = Set(states.flatMap(\.elements.keys))
            for name in names {
                let all = states.reduce(Set<Dot>()) { $0.union($1.elements[name, default: []]) }
                let alive = all.filter { dot in
                    states.allSatisfy { $0.elements[name, default: []].contains(dot) || !$0.seen.contains(dot) }
                }
                let unanimous = states.allSatisfy { $0.elements[name] != nil }
                let kept = alive.isEmpty && unanimous ? all : alive
                if !kept.isEmpty { result.elements[name] = kept }
            }
            return result
        }
    }

    private func states(_ history: RandomHistory) -> [Dot: Dotted] {
        var states: [Dot: Dotted] = [:]
        for write in history.writes {
            let past = history.pasts[write.dot, default: []]
            let before = Dotted.joined(history.maximal(past).compactMap { states[$0] })
            var after = Dotted(elements: [:], seen: past.union([write.dot]))
            for element in write.value?.array ?? [] { after.elements[element] = before.elements[element] ?? [write.dot] }
            states[write.dot] = after
        }
        return states
    }

    @Test func `what is live is what the textbook set holds`() {
        var conflicts = 0
        eachSeed(3_000) { seed in
            let policy = MergePolicy.addWinsSet(key: nil)
            let history = RandomHistory(seed: seed, policy: policy, ends: 2 + Int(seed % 5), steps: 10 + Int(seed % 25))
            let states = states(history)
            let resolver = Resolver(policy: policy, authority: World.Hub(), history: history.history)
            for end in history.ends where !end.known.isEmpty {
                let expected = Dotted.joined(history.maximal(end.known).compactMap { states[$0] })
                let live = resolver.resolve(end.siblings).live?.array ?? []
                #expect(Set(live) == Set(expected.elements.keys), "seed \(seed)")
                #expect(Set(live).count == live.count, "seed \(seed)")
                if end.siblings.versions.count > 1 { conflicts += 1 }
            }
        }
        #expect(conflicts > 3_000)
    }
}
