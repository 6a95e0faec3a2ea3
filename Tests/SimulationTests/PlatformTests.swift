import Foundation
import Simulation
import Testing

/// Real adapters before simulated payment platforms, in plans whose buyers pay there.
@Suite struct PlatformTests {
    /// Seeds whose buyers pay at platforms.
    private static func seeds(_ count: Int, from start: UInt64 = 1) -> [UInt64] {
        Array((start...).lazy.filter { !Plan(seed: $0).platforms.isEmpty }.prefix(count))
    }

    private static var count: Int { ProcessInfo.processInfo.environment["HEYI_SEEDS"].flatMap { Int($0) } ?? 40 }
    private static var start: UInt64 { ProcessInfo.processInfo.environment["HEYI_SEED"].flatMap { UInt64($0) } ?? 20_000 }

    @Test func `every payment and refund at a platform is in the books once, whatever becomes of requests and callbacks`() async throws {
        for seed in PlatformTests.seeds(PlatformTests.count, from: PlatformTests.start) {
            let report = try await onOwnThread { Plan(seed: seed).run() }
            #expect(report.violations.isEmpty, "heyi simulate --seeds 1 --seed \(seed): \(report.violations.prefix(3))")
        }
    }

    @Test func `the same seed is the same run at platforms, too`() async throws {
        for seed in PlatformTests.seeds(2) {
            let traces = try await onOwnThread { [Plan(seed: seed).run().trace, Plan(seed: seed).run().trace] }
            #expect(traces[0] == traces[1])
        }
    }

    @Test func `a plan with platforms is read back as it was written`() throws {
        for seed in PlatformTests.seeds(20) {
            let plan = Plan(seed: seed)
            #expect(try Plan(json: plan.json) == plan)
        }
    }
}
