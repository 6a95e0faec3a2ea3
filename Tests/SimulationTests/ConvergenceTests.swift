import Foundation
import Simulation
import Testing

@Suite struct ConvergenceTests {
    private static var seeds: Range<UInt64> {
        if let one = ProcessInfo.processInfo.environment["HEYI_SEED"].flatMap({ UInt64($0) }) { return one..<(one + 1) }
        let count = ProcessInfo.processInfo.environment["HEYI_SEEDS"].flatMap { UInt64($0) } ?? 150
        return 1..<(count + 1)
    }

    @Test func `every channel ends in step and no edit is lost, whatever the network does`() async {
        var campaign = Campaign()
        campaign.threads = 2
        let tally = await campaign.run(ConvergenceTests.seeds)
        for failure in tally.failures.prefix(10) {
            Issue.record("heyi simulate --seeds 1 --seed \(failure.plan.seed): \(failure.report.violations.prefix(3))")
        }
        #expect(tally.runs == ConvergenceTests.seeds.count)
    }

    @Test(arguments: [UInt64(7), 11, 400]) func `the same seed is the same run`(seed: UInt64) async throws {
        let traces = try await onOwnThread { [Plan(seed: seed).run().trace, Plan(seed: seed).run().trace] }
        #expect(traces[0] == traces[1])
    }
}
