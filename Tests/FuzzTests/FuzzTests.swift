import Foundation
import Simulation
import Testing

/// Every parser of outside bytes, fed what nobody would send by mistake.
///
/// `HEYI_PROOF=full` gives each target a million inputs or a minute, or the time `HEYI_FUZZ_SECONDS` names;
/// `HEYI_SEED` plays other ones.
@Suite(.serialized) struct FuzzTests {
    static let targets: [FuzzTarget] = own + FuzzTarget.callbacks + FuzzTarget.content + FuzzTarget.gatewayFiles + FuzzTarget.gatewayAnswers

    private static let own: [FuzzTarget] = [
        .json, .answers, .posted, .callback, .cursors, .signature, .retryAfter, .traceParent, .addresses, .times,
        .secretReference, .response, .names, .money, .cells, .markup, .values, .csv, .shopify, .woocommerce, .jsonLines,
        .mapping, .configuration,
    ]

    @Test(arguments: targets.map(\.name))
    func `whatever comes in is taken whole or refused with a reason`(name: String) async throws {
        let target = try #require(FuzzTests.targets.first { $0.name == name })
        let (tried, findings) = try await onOwnThread { try FuzzRun(target: target, seed: FuzzRounds.seed).run(.asked) }
        print("fuzz: \(name), \(tried) inputs, \(findings.count) findings")
        for finding in findings { Issue.record("\(finding)") }
    }

    @Test func `what once found something finds nothing any more`() async throws {
        for target in FuzzTests.targets {
            let findings = try await onOwnThread { try FuzzRun(target: target, seed: 0).replay() }
            for finding in findings { Issue.record("\(finding)") }
        }
    }

    @Test func `every saved input belongs to a target, and every target has some to begin with`() throws {
        #expect(try Corpus.targets() == FuzzTests.targets.map(\.name).sorted())
        for target in FuzzTests.targets { #expect(try Corpus.inputs(of: target.name).count >= 3, "\(target.name)") }
    }
}
