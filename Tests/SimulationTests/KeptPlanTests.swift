import Commerce
import Foundation
import Simulation
import Testing

/// The days in `Plans` each broke a law once. Most were shortened then, and are kept under the law's name and the seed they came
/// from; a `day` is kept whole or as what is left of it.
@Suite struct KeptPlanTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Plans")
    private static let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []

    @Test func `plans are kept`() { #expect(KeptPlanTests.names.count > 30) }

    @Test(arguments: names) func `what once failed does not fail again`(name: String) async throws {
        let bytes = Array(try Data(contentsOf: KeptPlanTests.folder.appending(path: name)))
        let plan = try Plan(json: try JSON.parse(bytes))
        let report = try await onOwnThread { plan.run() }
        #expect(report.violations.isEmpty, "heyi simulate --trace --plan Tests/SimulationTests/Plans/\(name)")
    }
}
