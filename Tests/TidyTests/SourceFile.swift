import Foundation

/// One Swift file of the package, as text.
struct SourceFile {
    /// Path from the root of the clone, `Sources/Store/…`.
    let path: String
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The module: the folder below `Sources` or `Tests`.
    var room: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The lines with comments cut off and what stands in one-line string literals emptied,
    /// so that a rule about calls does not trip over prose.
    var code: [String] {
        lines.map { line in
            var result = ""
            var inString = false
            var previous: Character = " "
            for character in line {
                if !inString, character == "/", previous == "/" {
                    result.removeLast()
                    break
                }
                if character == "\"", previous != "\\" { inString.toggle() }
                if !inString || character == "\"" { result.append(character) }
                previous = character
            }
            return result
        }
    }

    func finding(_ index: Int, _ words: String) -> String { "\(path):\(index + 1): \(words)" }
}

/// The clone this test was built from.
enum Clone {
    static let root: String = {
        let here = URL(fileURLWithPath: #filePath)
        return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    }()

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// Every document of the project: those at its root and below `docs`, in path order.
    static func documents() throws -> [String] {
        let atRoot = try FileManager.default.contentsOfDirectory(atPath: root)
        let below = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/docs").map { "docs/\($0)" }
        return (atRoot + below).filter { $0.hasSuffix(".md") }.sorted()
    }

    /// Every Swift file below `folder`, in path order.
    static func swiftFiles(below folder: String) throws -> [SourceFile] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            SourceFile(path: "\(folder)/\(path)", text: try text("\(folder)/\(path)"))
        }
    }
}
