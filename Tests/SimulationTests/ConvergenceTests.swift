import Commerce
import Foundation
import Simulation
import TestKit
import Testing

@Suite struct ConvergenceTests {
    private struct Report {
        var failures: [String] = []
        var trace: UInt64 = 0
    }

    /// Traffic under faults, then healing, then new traffic after everything was quiet.
    private func run(_ seed: UInt64) throws -> Report {
        let world = try World(seed: seed)
        defer { world.finish() }
        var report = Report()
        world.chooseHabits()
        for _ in 0..<24 { try world.act() }
        world.heal()
        try converge(world, "after healing", &report)
        for _ in 0..<4 { try world.act() }
        world.heal()
        try converge(world, "after new traffic", &report)
        let lost = try world.lostEdits()
        if !lost.isEmpty { report.failures.append("lost: \(lost.prefix(3))") }
        for channel in world.channels where !channel.doubledEffects.isEmpty {
            report.failures.append("\(channel.id) applied twice: \(channel.doubledEffects.prefix(3))")
        }
        report.trace = world.executor.trace
        return report
    }

    private func converge(_ world: World, _ phase: String, _ report: inout Report) throws {
        // Two virtual hours cover the longest breaker and retry waits several times over.
        for _ in 0..<120 {
            _ = world.executor.pump(limit: .seconds(60), until: { false })
            if try world.differences().isEmpty { return }
        }
        report.failures.append("\(phase): \(try world.differences().prefix(3))")
    }

    static var seeds: Range<UInt64> {
        if let one = ProcessInfo.processInfo.environment["HEYI_SEED"].flatMap({ UInt64($0) }) { return one..<(one + 1) }
        let count = ProcessInfo.processInfo.environment["HEYI_SEEDS"].flatMap { UInt64($0) } ?? 1_000
        return 1..<(count + 1)
    }

    @Test(arguments: 0..<4)
    func `every channel ends in step and no edit is lost, whatever the network does`(lane: UInt64) async throws {
        let failures = try await onOwnThread {
            var failures: [String] = []
            for seed in ConvergenceTests.seeds where seed % 4 == lane {
                let report = try run(seed)
                if !report.failures.isEmpty { failures.append("replay with HEYI_SEED=\(seed): \(report.failures)") }
            }
            return failures
        }
        #expect(failures.isEmpty)
    }

    @Test func `the same seed is the same run`() async throws {
        let pairs = try await onOwnThread {
            try [UInt64(7), 11, 400].map { seed in (try run(seed).trace, try run(seed).trace) }
        }
        for (first, second) in pairs { #expect(first == second) }
    }
}
