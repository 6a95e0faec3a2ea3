import Testing

/// Names that say nothing, and files that hold too much.
enum Naming {
    static let endings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Common", "Misc", "Base", "Impl", "Data", "Info"]
    static let files: Set<String> = ["Types.swift", "Models.swift", "Constants.swift", "Extensions.swift"]
    static let declarations: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]

    static func findings(in file: SourceFile) -> [String] {
        var found: [String] = []
        let stem = file.name.dropLast(".swift".count)
        if files.contains(file.name) || isBanned(stem) { found.append("\(file.path): name it after its type") }
        if ["+ext", "+extension", "+extensions"].contains(where: { stem.lowercased().hasSuffix($0) }) { found.append("\(file.path): name the topic after the +") }
        for (index, line) in file.code.enumerated() {
            let words = line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
            for (word, next) in zip(words, words.dropFirst()) where declarations.contains(word) && isBanned(next) {
                found.append(file.finding(index, "\(next) says nothing: name the thing of the trade"))
            }
        }
        return found
    }

    static func isBanned(_ name: some StringProtocol) -> Bool { endings.contains { name.hasSuffix($0) } }
}

@Suite struct NameTests {
    @Test func `names say what a thing is`() throws {
        let files = try Clone.swiftFiles(below: "Sources") + Clone.swiftFiles(below: "Tests")
        let findings = files.flatMap(Naming.findings)
        #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    }

    @Test(arguments: [("X.swift", "struct StockManager {"), ("Types.swift", ""), ("String+ext.swift", ""), ("FeedUtils.swift", "")])
    func `a name that says nothing is found`(file: String, text: String) {
        #expect(Naming.findings(in: SourceFile(path: "Sources/Store/\(file)", text: text)).count == 1)
    }

    @Test func `no file is longer than 500 lines`() throws {
        let files = try Clone.swiftFiles(below: "Sources") + Clone.swiftFiles(below: "Tests")
        let long = files.filter { $0.lines.count > 250 }.sorted { $0.lines.count > $1.lines.count }
        for file in long { print("tidy: \(file.lines.count) lines, worth a split: \(file.path)") }
        let tooLong = long.filter { $0.lines.count > 500 }.map(\.path)
        #expect(tooLong.isEmpty, "\(tooLong.joined(separator: "\n"))")
    }
}
