import Foundation
import Testing

@Suite struct DocumentTests {
    @Test(arguments: ["README.md", "README.zh-CN.md"])
    func `a reader is told how to run and test it`(document: String) throws {
        let text = try Clone.text(document)
        #expect(text.contains("make run"))
        #expect(text.contains("make test"))
    }

    @Test func `links between documents lead somewhere`() throws {
        let documents = try Clone.documents()
        #expect(documents.count > 20)
        var broken: [String] = []
        for document in documents {
            let folder = document.split(separator: "/").dropLast().joined(separator: "/")
            for match in try Clone.text(document).matches(of: /\]\(([^)#:]*)(#[^)]*)?\)/) {
                let (file, anchor) = (String(match.output.1), match.output.2.map { String($0.dropFirst()) })
                let target = file.isEmpty ? document : [folder, file].filter { !$0.isEmpty }.joined(separator: "/")
                let isThere = FileManager.default.fileExists(atPath: "\(Clone.root)/\(target)")
                let isFound = try isThere && (anchor.map { try Self.anchors(of: target).contains($0) } ?? true)
                if !isFound { broken.append("\(document): \(match.output.0)") }
            }
        }
        #expect(broken.isEmpty, "these links lead nowhere: \(broken.joined(separator: ", "))")
    }

    /// How a page of documents names its headings.
    private static func anchors(of document: String) throws -> Set<String> {
        let headings = try Clone.text(document).split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                    .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.replacingOccurrences(of: " ", with: "-")
            })
    }

    @Test func `each invariant names tests that exist`() throws {
        let text = try Clone.text("ARCHITECTURE.md")
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Invariants\n") })
        let tests = try Clone.swiftFiles(below: "Tests").flatMap(\.lines)
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        for row in rows {
            let named = row.split(separator: "|").last?.matches(of: /`([^`]+)`/).map { String($0.output.1) } ?? []
            #expect(!named.isEmpty, "nothing guards: \(row)")
            for name in named {
                #expect(tests.contains { $0.contains("func `\(name)`") }, "ARCHITECTURE.md names a test that is gone: \(name)")
            }
        }
    }

    @Test func `the index lists every decision`() throws {
        let index = try Clone.text("docs/adr/README.md")
        let records = try FileManager.default.contentsOfDirectory(atPath: "\(Clone.root)/docs/adr")
            .filter { $0.hasSuffix(".md") && $0 != "README.md" }
        #expect(records.count > 10)
        for record in records { #expect(index.contains("(\(record))"), "docs/adr/README.md does not list \(record)") }
    }

    @Test func `make help names every target`() throws {
        let lines = try Clone.text("Makefile").split(separator: "\n")
        let phony = try #require(lines.first { $0.hasPrefix(".PHONY:") }).split(separator: " ").dropFirst()
        for target in phony {
            #expect(lines.contains { $0.hasPrefix("\(target):") && $0.contains("## ") }, "make \(target) says nothing in make help")
        }
    }

    @Test(arguments: ["scripts/install", "scripts/bench", "scripts/prove", ".ci/run", "deploy/install.sh"])
    func `a script is executable and stops at the first failure`(script: String) throws {
        #expect(FileManager.default.isExecutableFile(atPath: "\(Clone.root)/\(script)"))
        #expect(try Clone.text(script).contains("set -euo pipefail"))
    }
}
