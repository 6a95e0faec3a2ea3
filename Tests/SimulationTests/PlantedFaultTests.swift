import Commerce
import Foundation
import Simulation
import Testing

/// Whether the simulation would find what it is there to find.
@Suite struct PlantedFaultTests {
    @Test(arguments: Mistake.all)
    func `every planted mistake is found`(mistake: Mistake) async {
        var campaign = Campaign()
        campaign.planted = mistake
        campaign.stopsAtFirst = true
        let tally = await campaign.run(1..<1_001)
        #expect(!tally.failures.isEmpty, "\(mistake.name) went unseen in \(tally.runs) seeds")
    }

    @Test func `a plan that fails is shortened, and fails as well when it is read back`() async throws {
        let shrunk = try await onOwnThread { Shrinker().shrink(Plan(seed: 1, planted: .sync(.mineWins))) }
        let read = try Plan(json: shrunk.plan.json)
        #expect(read == shrunk.plan)
        let again = try await onOwnThread { read.run() }
        #expect(again.violations.first?.law == "wrong-winner")
        #expect(shrunk.plan.steps.count + shrunk.plan.later.count <= 4)
    }
}
