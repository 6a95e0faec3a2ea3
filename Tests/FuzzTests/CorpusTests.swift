import Commerce
import Foundation
import Testing

@testable import ChannelAdapters
@testable import Mall
@testable import SyncDaemon

/// A sample that is refused at its first byte leads nowhere: those that are meant to be taken are.
@Suite struct CorpusTests {
    @Test(arguments: [
        ("shopify", Mall.CatalogFormat.shopify, ["chinese", "export", "newer-names", "two-variants"]),
        ("woocommerce", .woocommerce, ["chinese-simple", "export", "variable-and-variation"]),
        ("jsonl", .jsonl, ["brand-and-sku", "catalog", "delete-and-blank"]),
    ])
    func `product files are taken without a fault`(
        target: String, format: Mall.CatalogFormat, sound: [String]
    ) throws {
        let samples = Dictionary(uniqueKeysWithValues: try samples(target))
        for name in sound {
            let bytes = try #require(samples[name], "\(target)/\(name)")
            let said = FuzzTarget.events(bytes, format, chunk: bytes.count)
            #expect(!said.isEmpty && said.allSatisfy { $0.hasPrefix("record on line") }, "\(target)/\(name): \(said)")
        }
    }

    @Test func `answers of shops are read by the reader they are for`() throws {
        let readers: [String: (AnswerReader) throws -> Int] = [
            "capabilities": { try $0.capabilities().projection.rules.count }, "capabilities-with-rules": { try $0.capabilities().projection.rules.count },
            "push": { try $0.pushAnswer(to: FuzzTarget.batch).outcomes.count }, "push-in-part": { try $0.pushAnswer(to: FuzzTarget.batch).outcomes.count },
            "push-of-all-kinds": { try $0.pushAnswer(to: FuzzTarget.batch).outcomes.count },
            "pull": { try $0.pulledDeltas().0.count }, "pull-pages": { try $0.pulledDeltas().0.count },
            "read-back": { try $0.deltas().count + $0.absentEntities().count }, "snapshot": { try $0.deltas().count },
            "item": { try $0.item().observations.count }, "items": { try $0.page("items").count },
            "about": { try $0.optional("projection")?.projection().rules.count ?? 0 },
        ]
        let samples = Dictionary(uniqueKeysWithValues: try samples("answers"))
        for (name, read) in readers.sorted(by: { $0.key < $1.key }) {
            let bytes = try #require(samples[name], "answers/\(name)")
            #expect(try read(AnswerReader(JSON.parse(bytes))) > 0, "answers/\(name)")
        }
    }

    @Test func `what channels post and call is taken`() throws {
        for (name, bytes) in try samples("posted") where !["absurd-clock", "unknown-unit"].contains(name) {
            let now = Timestamp(milliseconds: 1_767_225_600_000)
            let read = DeltaReader(channel: ChannelID("web")!, now: now).read([try JSON.parse(bytes)])
            #expect(read.good.count == 1, "posted/\(name): \(read.refused.map(\.reason))")
        }
        for (name, bytes) in try samples("callback") where name.contains("deltas") {
            guard case .deltas(let observations, let faults) = try CallbackMessage.parse(bytes) else { throw CocoaError(.fileReadCorruptFile) }
            #expect(!observations.isEmpty && faults.isEmpty, "callback/\(name): \(faults)")
        }
    }

    @Test func `mapping files and configurations are taken`() throws {
        let mappings = Dictionary(uniqueKeysWithValues: try samples("mapping"))
        for name in ["goods", "lists-and-words", "product-and-sku"] { _ = try CatalogMapping(JSON.parse(try #require(mappings[name]))) }
        let configurations = Dictionary(uniqueKeysWithValues: try samples("configuration"))
        for name in ["one-channel", "proxies", "shops", "visitor"] {
            _ = try Configuration.parse(String(decoding: try #require(configurations[name]), as: UTF8.self), path: name)
        }
    }

    private func samples(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = Corpus.folder.appending(path: target)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            (name, Array(try Data(contentsOf: folder.appending(path: name))))
        }
    }
}
