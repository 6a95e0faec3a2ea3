import Commerce
import ConflictResolution
import Simulation
import TestKit
import Testing

/// Clocks and siblings against plain sets of everything each author had seen.
@Suite struct CausalityLawsTests {
    private func history(_ seed: UInt64) -> RandomHistory {
        RandomHistory(seed: seed, policy: .lastWriter, ends: 2 + Int(seed % 4), steps: 24)
    }

    @Test func `clocks compare as the sets of writes they stand for`() {
        eachSeed { seed in
            let history = history(seed)
            var pairs = history.ends.map { ($0.siblings.clock, $0.known) }
            pairs += history.ends.map { ($0.read, $0.readKnown) }
            pairs += history.writes.map { ($0.context, history.pasts[$0.dot, default: []]) }
            for (clock, known) in pairs {
                for (other, otherKnown) in pairs {
                    let expected: Causality =
                        known == otherKnown ? .equal
                        : known.isStrictSuperset(of: otherKnown) ? .after
                        : known.isStrictSubset(of: otherKnown) ? .before : .concurrent
                    #expect(clock.compare(other) == expected, "seed \(seed)")
                }
            }
        }
    }

    @Test func `an end holds exactly the writes nobody it knows of has seen`() {
        eachSeed { seed in
            let history = history(seed)
            for end in history.ends {
                #expect(Set(end.siblings.versions.map(\.dot)) == history.maximal(end.known), "seed \(seed)")
            }
        }
    }

    @Test func `there are never more siblings than ends that write`() {
        eachSeed { seed in
            let history = history(seed)
            for end in history.ends { #expect(end.siblings.versions.count <= history.ends.count, "seed \(seed)") }
        }
    }

    @Test func `sync is commutative, associative and idempotent`() {
        eachSeed { seed in
            let states = history(seed).ends.map(\.siblings)
            for a in states {
                #expect(a.synced(a) == a, "seed \(seed)")
                for b in states {
                    let joined = a.synced(b)
                    #expect(joined == b.synced(a), "seed \(seed)")
                    #expect(joined.synced(b) == joined && joined.synced(a) == joined, "seed \(seed)")
                    for c in states { #expect(joined.synced(c) == a.synced(b.synced(c)), "seed \(seed)") }
                }
            }
        }
    }

    @Test func `writes arriving in any order, and more than once, leave the same siblings`() {
        eachSeed { seed in
            let history = history(seed)
            var random = SeededRandom(seed: seed &* 31)
            var expected: Siblings<JSON?>?
            for _ in 0..<4 {
                var siblings = Siblings<JSON?>()
                for version in (history.writes + history.writes).shuffled(using: &random) { siblings.update(version) }
                #expect(expected == nil || siblings == expected, "seed \(seed)")
                expected = siblings
            }
        }
    }

    @Test func `the meet of two clocks is what both have seen and the join what either has`() {
        eachSeed { seed in
            let history = history(seed)
            for a in history.ends {
                for b in history.ends {
                    let met = a.siblings.clock.met(b.siblings.clock)
                    let joined = a.siblings.clock.joined(b.siblings.clock)
                    for write in history.writes {
                        let inA = a.known.contains(write.dot)
                        let inB = b.known.contains(write.dot)
                        #expect(met.covers(write.dot) == (inA && inB), "seed \(seed)")
                        #expect(joined.covers(write.dot) == (inA || inB), "seed \(seed)")
                    }
                }
            }
        }
    }
}
