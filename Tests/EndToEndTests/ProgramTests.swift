import Foundation
import Testing

@Suite struct ProgramTests {
    @Test func `the demo's story ends with every shop in step`() throws {
        let (code, output) = try Binary.run("heyi", ["demo", "--once"])
        #expect(code == 0, "\(output.suffix(2_000))")
        #expect(output.contains("different: 0, applied twice: 0, conflicts open: 0, faults in the store: 0"))
    }

    @Test func `a wrong configuration is refused with file, line and key`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-\(UUID()).yaml").path
        defer { unlink(path) }
        try "store:\n  directry: /tmp/x\n".write(toFile: path, atomically: true, encoding: .utf8)
        let (code, output) = try Binary.run("heyi", ["check-config", "--config", path])
        #expect(code == 78)
        #expect(output.contains("\(path):2:") && output.contains("directry") && output.contains("directory"))
    }

    @Test func `a command says what to do when no daemon answers`() throws {
        let (code, output) = try Binary.run("heyi", ["status", "--socket", "/nonexistent/heyi.sock"])
        #expect(code == 69)
        #expect(output.contains("heyi serve"))
    }
}
