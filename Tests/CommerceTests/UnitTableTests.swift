import Commerce
import Foundation
import Testing

@Suite struct UnitTableTests {
    private func document() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/units-and-policies.md"), encoding: .utf8)
    }

    @Test func `the table in the documents is the table in the code`() throws {
        let lines = try document().split(separator: "\n").filter { $0.hasPrefix("|") }
        let expected = UnitCatalog.markdownTable.split(separator: "\n")
        for (line, row) in zip(lines, expected) { #expect(line == row) }
        #expect(lines.count == expected.count)
    }
}
