import Foundation
import Testing

@Suite struct DocumentTests {
    @Test(arguments: ["README.md", "README.zh-CN.md"])
    func `a reader is told how to run and test it`(document: String) throws {
        let text = try Clone.text(document)
        #expect(text.contains("make run"))
        #expect(text.contains("make test"))
    }

    @Test(arguments: [
        "README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/operations.md",
        "docs/adr/README.md",
    ])
    func `links between documents lead somewhere`(document: String) throws {
        let folder = document.split(separator: "/").dropLast().joined(separator: "/")
        var broken: [String] = []
        for match in try Clone.text(document).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
            let target = [Clone.root, folder, String(match.output.1)].filter { !$0.isEmpty }.joined(separator: "/")
            if !FileManager.default.fileExists(atPath: target) { broken.append(String(match.output.1)) }
        }
        #expect(broken.isEmpty, "\(document) links to \(broken.joined(separator: ", "))")
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
