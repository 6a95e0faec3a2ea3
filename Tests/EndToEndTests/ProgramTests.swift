import Foundation
import Testing

/// Tests of the programs as they are run, one after the other: each has processes and folders of its own.
@Suite(.serialized, .timeLimit(.minutes(5))) enum EndToEnd {}

extension EndToEnd {
    @Suite struct ProgramTests {
        @Test func `the demo's story ends with every shop in step`() async throws {
            let demo = try await Binary.run("heyi", ["demo", "--once"])
            #expect(demo.code == 0, "\(demo.all.suffix(2_000))")
            #expect(demo.all.contains("different: 0, applied twice: 0, conflicts open: 0, faults in the store: 0"))
        }

        @Test func `a wrong configuration is refused with file, line and key`() async throws {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            try folder.write("store:\n  directry: /tmp/x\n", to: "heyi.yaml")
            let path = folder.file("heyi.yaml")
            let check = try await Binary.run("heyi", ["check-config", "--config", path])
            #expect(check.code == 78)
            #expect(check.all.contains("\(path):2:") && check.all.contains("directry") && check.all.contains("directory"))
        }

        @Test func `a command says what to do when no daemon answers`() async throws {
            let status = try await Binary.run("heyi", ["status", "--socket", "/nonexistent/heyi.sock"])
            #expect(status.code == 69)
            #expect(status.errors.contains("heyi serve"))
        }
    }
}
