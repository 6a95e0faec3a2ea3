import Foundation
import Simulation
import Testing

@Suite struct CrashTests {
    private static let lanes = 2

    @Test
    func `whatever was answered survives a crash at any step, and what was under way is whole or not there`() async throws {
        let (sample, pairs) = Sweep.extent
        let total = try await withThrowingTaskGroup(of: Sweep.self) { group in
            for lane in 0..<CrashTests.lanes {
                group.addTask {
                    try await onOwnThread {
                        var sweep = Sweep()
                        for (index, scenario) in Scenario.chosen.enumerated() where index % CrashTests.lanes == lane {
                            sweep.sweep(scenario, sample: sample, pairs: pairs)
                        }
                        return sweep
                    }
                }
            }
            return try await group.reduce(into: Sweep()) { $0.add($1) }
        }
        print(total.line)
        #expect(total.scenarios == Scenario.chosen.count && Scenario.all.count >= 50)
        #expect(total.failures.isEmpty, "\(total.failures.prefix(10).joined(separator: "\n"))")
    }

    @Test(arguments: FaultyDisk.AfterCut.allCases)
    func `a store that crashes at every start is the same store when it starts at last`(
        mode: FaultyDisk.AfterCut
    ) async throws {
        for name in ["a store is made", "a store is opened and closed"] {
            let scenario = try #require(Scenario.all.first { $0.name == name })
            let failures = try await onOwnThread {
                let whole = Crash(scenario: scenario).play()
                var failures: [String] = []
                for at in 1...whole.steps where Sweep.isFull || at % 4 == Int(mode.rawValue) {
                    let crash = Crash(scenario: scenario, at: at, mode: mode, again: [at, at, at])
                    let end = crash.play()
                    guard !end.problems.isEmpty else { continue }
                    failures.append("\(crash): \(end.problems.prefix(3).joined(separator: "; "))")
                }
                return failures
            }
            #expect(failures.isEmpty, "\(failures.prefix(10).joined(separator: "\n"))")
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["HEYI_CRASH"] != nil, "plays one crash again"))
    func `one crash is played again`() async throws {
        let words = (ProcessInfo.processInfo.environment["HEYI_CRASH"] ?? "").split(separator: ":").map(String.init)
        let scenario = try #require(Scenario.all.first { $0.name == words.first })
        let mode = FaultyDisk.AfterCut.allCases.first { words.count > 2 && "\($0)" == words[2] } ?? .clean
        let crash = Crash(
            scenario: scenario, at: words.count > 1 ? Int(words[1]) : nil, mode: mode,
            again: words.dropFirst(3).compactMap { Int($0) })
        let end = try await onOwnThread { crash.play() }
        #expect(end.problems.isEmpty, "\(end.problems.joined(separator: "\n"))")
    }
}
