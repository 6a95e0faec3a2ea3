import Testing

/// Calls that reach past what a room was given.
enum BannedCalls {
    /// Rooms whose every run of a seed must be the same run.
    static let deterministicRooms: Set<String> = ["Commerce", "ConflictResolution", "Store", "SyncEngine", "Mall"]

    static let nondeterministic: [(call: String, instead: String)] = [
        ("Date()", "take the time from Surroundings.time"),
        ("Date.now", "take the time from Surroundings.time"),
        ("DispatchTime.now", "take the time from Surroundings.time"),
        ("DispatchWallTime.now", "take the time from Surroundings.time"),
        ("ContinuousClock", "take the time from Surroundings.time"),
        ("SuspendingClock", "take the time from Surroundings.time"),
        ("Task.sleep", "wait with Surroundings.time.sleep(for:)"),
        ("Thread.sleep", "wait with Surroundings.time.sleep(for:)"),
        ("UUID()", "take names from Surroundings.ids"),
        ("SystemRandomNumberGenerator", "take bits from Surroundings.random"),
        (".randomElement()", "take bits from Surroundings.random"),
        (".shuffled()", "take bits from Surroundings.random"),
        (".random(in:", "take bits from Surroundings.random"),
        ("Task.detached", "own the task where it can be stopped"),
    ]

    static let everywhere: [(call: String, instead: String)] = [
        ("fatalError(", "throw, or state the programmer's mistake with precondition"),
        ("try!", "throw"),
    ]

    static func findings(in file: SourceFile) -> [String] {
        let rules = everywhere + (deterministicRooms.contains(file.room) ? nondeterministic : [])
        return file.code.enumerated().flatMap { index, line in
            rules.filter { line.contains($0.call) && !(line.contains("using:") && $0.call == ".random(in:") }
                .map { file.finding(index, "\($0.call) is banned in \(file.room): \($0.instead)") }
        }
    }
}

@Suite struct BannedCallTests {
    @Test func `nothing below the daemon reaches for time, chance or names by itself`() throws {
        let findings = try Clone.swiftFiles(below: "Sources").flatMap(BannedCalls.findings)
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    }

    @Test func `a banned call is found, a comment about it is not`() {
        let text = "let now = Date() // not Date()\n// UUID() would be wrong here\nlet words = \"Task.sleep\""
        let found = BannedCalls.findings(in: SourceFile(path: "Sources/Store/X.swift", text: text))
        #expect(found.count == 1)
        #expect(BannedCalls.findings(in: SourceFile(path: "Sources/SyncDaemon/X.swift", text: text)).isEmpty)
    }

    @Test func `an unchecked promise to the compiler carries its reason on the next line`() throws {
        let files = try Clone.swiftFiles(below: "Sources") + Clone.swiftFiles(below: "Tests")
        var promises = 0
        let findings = files.flatMap { file in
            file.code.enumerated().compactMap { index, line -> String? in
                guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") else { return nil }
                promises += 1
                let next = index + 1 < file.lines.count ? file.lines[index + 1].drop { $0 == " " } : ""
                return next.hasPrefix("//") ? nil : file.finding(index, "say on the next line why this is safe")
            }
        }
        print("tidy: \(promises) unchecked promises")
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    }
}
