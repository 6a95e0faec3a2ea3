import Commerce
import ConflictResolution
import Simulation
import TestKit
import Testing

@Suite struct ResolutionLawsTests {
    static let policies: [MergePolicy] = [
        .singleOwner, .hubAuthoritative, .lastWriter, .addWinsSet(key: nil), .addWinsSet(key: "url"),
        .highest(field: "n"), .lowest(field: nil), .disjointText,
        .mostRestrictive(field: "state", order: ["off", "draft", "on"]), .askPerson,
    ]

    private func history(_ seed: UInt64, _ policy: MergePolicy) -> RandomHistory {
        RandomHistory(seed: seed, policy: policy, ends: 2 + Int(seed % 5), steps: 8 + Int(seed % 17))
    }

    @Test(arguments: policies)
    func `the order of arrival never changes the answer`(policy: MergePolicy) {
        eachSeed { seed in
            let history = history(seed, policy)
            var random = SeededRandom(seed: seed &* 17)
            var expected: Resolution?
            for _ in 0..<3 {
                var siblings = Siblings<JSON?>()
                var past = FullHistory()
                for version in history.writes.shuffled(using: &random) {
                    siblings.update(version)
                    past.writes.append(version)
                }
                let resolver = Resolver(policy: policy, authority: World.Hub(), history: past)
                let resolution = resolver.resolve(siblings)
                #expect(expected == nil || resolution == expected, "seed \(seed)")
                expected = resolution
            }
        }
    }

    @Test(arguments: policies)
    func `ends that know the same agree however they came to know it`(policy: MergePolicy) {
        eachSeed { seed in
            let history = history(seed, policy)
            let resolver = Resolver(policy: policy, authority: World.Hub(), history: history.history)
            let states = history.ends.map(\.siblings)
            let forward = states.reduce(Siblings()) { $0.synced($1) }
            let backward = states.reversed().reduce(Siblings()) { $0.synced($1) }
            let direct = history.writes.reduce(into: Siblings<JSON?>()) { $0.update($1) }
            #expect(resolver.resolve(forward) == resolver.resolve(backward), "seed \(seed)")
            #expect(resolver.resolve(forward) == resolver.resolve(direct), "seed \(seed)")
        }
    }

    @Test(arguments: policies)
    func `a write is live, merged in, or named as overruled`(policy: MergePolicy) {
        eachSeed { seed in
            let history = history(seed, policy)
            let resolver = Resolver(policy: policy, authority: World.Hub(), history: history.history)
            for end in history.ends {
                let resolution = resolver.resolve(end.siblings)
                let dots = end.siblings.versions.map(\.dot)
                #expect(resolution.overruled.allSatisfy(dots.contains), "seed \(seed)")
                if policy.mergesValues { continue }
                for version in end.siblings.versions {
                    let isLive = version.value == resolution.live
                    #expect(isLive != resolution.overruled.contains(version.dot), "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: policies)
    func `a person's answer that has seen every side is what is live`(policy: MergePolicy) {
        eachSeed(500) { seed in
            let history = history(seed, policy)
            var siblings = history.writes.reduce(into: Siblings<JSON?>()) { $0.update($1) }
            siblings.update(.by(World.hub, at: 0, having: siblings.clock, "decided"))
            let resolver = Resolver(policy: policy, authority: World.Hub(), history: history.history)
            #expect(resolver.resolve(siblings) == Resolution(live: "decided"), "seed \(seed)")
        }
    }

    @Test(arguments: policies)
    func `a past that was not kept takes no element away`(policy: MergePolicy) {
        eachSeed(500) { seed in
            let history = history(seed, policy)
            let siblings = history.writes.reduce(into: Siblings<JSON?>()) { $0.update($1) }
            let resolver = Resolver(policy: policy, authority: World.Hub(), history: NoHistory())
            let backward = history.writes.reversed().reduce(into: Siblings<JSON?>()) { $0.update($1) }
            #expect(resolver.resolve(siblings) == resolver.resolve(backward), "seed \(seed)")
            guard case .addWinsSet(let key) = policy else { return }
            let live = Set((resolver.resolve(siblings).live?.array ?? []).map { $0[key ?? ""] ?? $0 })
            for version in siblings.versions {
                for element in version.value?.array ?? [] { #expect(live.contains(element[key ?? ""] ?? element), "seed \(seed)") }
            }
        }
    }

    /// Swift seeds its hash tables anew in every process, so an answer that leaned on one
    /// would not give this number twice.
    @Test func `the answers are the same in every process`() {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for policy in ResolutionLawsTests.policies {
            eachSeed(200) { seed in
                let history = history(seed, policy)
                let resolver = Resolver(policy: policy, authority: World.Hub(), history: history.history)
                let resolution = resolver.resolve(history.writes.reduce(into: Siblings()) { $0.update($1) })
                var text = "\(resolution.live?.text ?? "-") \(resolution.question?.rawValue ?? "-")"
                for dot in resolution.overruled { text += " \(dot.actor.high):\(dot.count)" }
                for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            }
        }
        #expect(digest == 12_926_721_578_976_226_936)
    }
}

extension MergePolicy {
    /// Whether what is live may be a value no author wrote.
    fileprivate var mergesValues: Bool {
        switch self {
        case .addWinsSet, .disjointText: true
        case .singleOwner, .hubAuthoritative, .lastWriter, .highest, .lowest, .mostRestrictive, .askPerson: false
        }
    }
}
