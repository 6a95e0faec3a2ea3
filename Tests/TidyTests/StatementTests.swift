import Testing

/// SQL is Store's language alone; benchmarks speak it to the databases they hold Heyi against.
enum Statements {
    static let marks = [
        "SELECT ", "INSERT INTO ", "INSERT OR ", "DELETE FROM ", "CREATE TABLE ", "CREATE INDEX ", "ALTER TABLE ",
        "DROP TABLE ", "PRAGMA ", "BEGIN IMMEDIATE", "ON CONFLICT",
    ]

    static func findings(in file: SourceFile) -> [String] {
        guard file.room != "Store", !file.path.hasPrefix("Sources/Benchmarks/References/"), !file.path.hasPrefix("Sources/Benchmarks/Cases/") else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            let prose = line.drop { $0 == " " }.hasPrefix("//")
            guard !prose, let mark = marks.first(where: { line.contains($0) }) else { return nil }
            return file.finding(index, "\(mark.trimmed) is SQL, and only Store speaks SQL")
        }
    }
}

extension String {
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}

@Suite struct StatementTests {
    @Test func `only Store speaks SQL`() throws {
        let findings = try Clone.swiftFiles(below: "Sources").flatMap(Statements.findings)
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    }

    @Test func `a statement elsewhere is found`() {
        let line = "let rows = try fetch(\"SELECT seq FROM unit\")"
        #expect(Statements.findings(in: SourceFile(path: "Sources/Mall/X.swift", text: line)).count == 1)
        #expect(Statements.findings(in: SourceFile(path: "Sources/Store/X.swift", text: line)).isEmpty)
    }
}
