import Foundation
import Simulation

/// Plays crashes and counts what came of them.
struct Sweep: Sendable {
    /// Points and second crashes for each mode of each scenario; nil stands for every point.
    static let extent: (points: Int?, pairs: Int) = {
        let environment = ProcessInfo.processInfo.environment
        if let count = environment["HEYI_CRASHES"].flatMap({ Int($0) }) { return (count, count) }
        return isFull ? (nil, 40) : (1, 0)
    }()

    static let isFull = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full"

    private(set) var scenarios = 0
    private(set) var points = 0
    private(set) var runs = 0
    private(set) var cutTwice = 0
    private(set) var failures: [String] = []

    /// The summary people quote.
    var line: String {
        "crash: \(scenarios) scenarios, \(points) crash points, \(runs) crashes in \(FaultyDisk.AfterCut.allCases.count) modes, "
            + "\(cutTwice) of them with another one during recovery, \(failures.count) failures"
    }

    /// Crashes one scenario at all its points, or at some.
    ///
    /// - Parameter sample: how many points a mode gets; nil for all.
    mutating func sweep(_ scenario: Scenario, sample: Int?, pairs: Int) {
        let whole = Crash(scenario: scenario).play()
        note(Crash(scenario: scenario), whole)
        scenarios += 1
        points += whole.steps
        let random = SeededRandom(seed: UInt64(scenario.name.utf8.count) &* 97 &+ UInt64(whole.steps))
        for mode in FaultyDisk.AfterCut.allCases {
            var chosen = Array(1...whole.steps)
            if let sample { chosen = (0..<sample).map { _ in 1 + Int(random.next() % UInt64(whole.steps)) } }
            var recoveries: [(at: Int, steps: Int)] = []
            for at in chosen {
                let crash = Crash(scenario: scenario, at: at, mode: mode)
                let end = crash.play()
                runs += 1
                note(crash, end)
                if end.wasCut { recoveries.append((at, end.steps)) }
            }
            // A quick round has one second crash a scenario, in one mode or another.
            let isTurn = scenario.name.utf8.count % FaultyDisk.AfterCut.allCases.count == Int(mode.rawValue)
            for _ in 0..<max(pairs, isTurn ? 1 : 0) where !recoveries.isEmpty {
                let first = recoveries[Int(random.next() % UInt64(recoveries.count))]
                let again = 1 + Int(random.next() % UInt64(max(1, first.steps)))
                let crash = Crash(scenario: scenario, at: first.at, mode: mode, again: [again])
                runs += 1
                cutTwice += 1
                note(crash, crash.play())
            }
        }
    }

    private mutating func note(_ crash: Crash, _ end: Crash.End) {
        guard !end.problems.isEmpty else { return }
        failures.append("\(crash): \(end.problems.prefix(3).joined(separator: "; "))")
        print("crash: failed, HEYI_CRASH=\"\(crash)\": \(end.problems.prefix(3).joined(separator: "; "))")
    }

    mutating func add(_ other: Sweep) {
        scenarios += other.scenarios
        points += other.points
        runs += other.runs
        cutTwice += other.cutTwice
        failures += other.failures
    }
}
