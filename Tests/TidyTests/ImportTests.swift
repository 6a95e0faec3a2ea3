import Testing

/// Which room may see which, and which library belongs to which room alone.
enum ImportTable {
    /// Rooms each room may import.
    static let arrows: [String: Set<String>] = [
        "CCurl": [],
        "CZlib": [],
        "Commerce": [],
        "ConflictResolution": ["Commerce"],
        "Store": ["ConflictResolution", "Commerce"],
        "ChannelAdapters": ["Commerce", "CCurl", "CZlib"],
        "SyncEngine": ["Store", "ChannelAdapters", "ConflictResolution", "Commerce"],
        "Mall": ["Store", "ChannelAdapters", "ConflictResolution", "Commerce"],
        "ChannelSimulators": ["ChannelAdapters", "Commerce", "CZlib"],
        "Simulation": ["Mall", "SyncEngine", "Store", "ChannelAdapters", "ChannelSimulators", "ConflictResolution", "Commerce"],
        "SimulatorTool": ["ChannelSimulators", "ChannelAdapters", "Commerce"],
        "Benchmarks": [
            "Mall", "SyncEngine", "Store", "ChannelAdapters", "ChannelSimulators", "Simulation", "ConflictResolution",
            "Commerce",
        ],
        "SyncDaemon": [
            "Benchmarks", "Mall", "SyncEngine", "Store", "ChannelAdapters", "ChannelSimulators", "Simulation", "ConflictResolution",
            "Commerce",
        ],
    ]

    /// Libraries that only the rooms named may see.
    static let libraries: [String: Set<String>] = [
        "GRDB": ["Store"],
        "GRDBSQLite": ["Store", "Benchmarks"],
        "SQLite3": ["Store"],
        "CCurl": ["ChannelAdapters"],
        "CZlib": ["ChannelAdapters", "ChannelSimulators"],
        "Hummingbird": ["SyncDaemon", "ChannelSimulators"],
        "ServiceLifecycle": ["SyncDaemon", "ChannelSimulators", "SimulatorTool"],
        "Logging": ["SyncDaemon", "ChannelSimulators", "SimulatorTool", "Benchmarks"],
        "ArgumentParser": ["SyncDaemon", "SimulatorTool"],
        "Yams": ["SyncDaemon"],
        "Mustache": ["SyncDaemon"],
    ]

    static func findings(in file: SourceFile) -> [String] {
        guard let allowed = arrows[file.room] else {
            return ["\(file.path): the room \(file.room) is not in the table of imports"]
        }
        return file.lines.enumerated().compactMap { index, line in
            guard let module = importedModule(line) else { return nil }
            if arrows[module] != nil, module != file.room, !allowed.contains(module) {
                return file.finding(index, "\(file.room) may not import \(module)")
            }
            if let owners = libraries[module], !owners.contains(file.room) {
                return file.finding(index, "\(module) belongs to \(owners.sorted().joined(separator: ", ")) alone")
            }
            return nil
        }
    }

    static func importedModule(_ line: String) -> String? {
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
            words[..<at].allSatisfy({ ["package", "internal", "private", "public"].contains($0) || $0.hasPrefix("@") })
        else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "var", "let", "protocol", "typealias"]
        let named = kinds.contains(words[at + 1]) && at + 2 < words.count ? words[at + 2] : words[at + 1]
        return named.split(separator: ".").first.map(String.init)
    }
}

@Suite struct ImportTests {
    @Test func `rooms import along the arrows only`() throws {
        let findings = try Clone.swiftFiles(below: "Sources").flatMap(ImportTable.findings)
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("ChannelAdapters", "import ConflictResolution"),
        ("ChannelAdapters", "package import Store"),
        ("SyncEngine", "import GRDB"),
        ("SyncDaemon", "internal import CCurl"),
        ("Commerce", "import struct Store.Feed"),
        ("Cellar", "import Commerce"),
    ])
    func `an import against the arrows is found`(room: String, line: String) {
        #expect(ImportTable.findings(in: SourceFile(path: "Sources/\(room)/X.swift", text: line)).count == 1)
    }
}
