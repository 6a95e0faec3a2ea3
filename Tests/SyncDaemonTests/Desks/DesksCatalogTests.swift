import Commerce
import Foundation
import Store
import Testing

@testable import SyncDaemon

struct DesksCatalogTests {
    @Test func `an edit against something older is refused with what is there now`() async throws {
        let world = try DeskWorld()
        let made = try await world.makeTea()
        #expect(!made.deleted && made.units.map(\.name.text) == ["life", "text.en"])
        let unitTag = try #require(made.units.last?.tag)
        #expect(unitTag.utf8.count == 16)
        let edited = try await world.catalog.edit(
            DeskWorld.text, value: ["title": "West Lake"], expecting: unitTag, by: DeskWorld.boss)
        #expect(edited.tag != made.tag)
        for tag in [unitTag, made.tag] {
            let error = await refusal {
                _ = try await world.catalog.edit(DeskWorld.text, value: nil, expecting: tag, by: DeskWorld.boss)
            }
            guard case .stale(let current) = error else { Issue.record("\(tag) was taken"); return }
            #expect(current == edited)
        }
        let deleted = try await world.catalog.edit(DeskWorld.text, value: nil, expecting: edited.tag, by: DeskWorld.boss)
        #expect(deleted.units.last?.value == nil)
        let forced = try await world.catalog.edit(
            DeskWorld.text, value: ["title": "New"], expecting: nil, by: DeskWorld.boss)
        #expect(forced.units.last?.value?["title"] == "New")
    }

    @Test func `an entity is made whole or not at all, and once`() async throws {
        let world = try DeskWorld()
        let bad = await refusal {
            _ = try await world.catalog.create(
                DeskWorld.tea, units: [(DeskWorld.text.unit, ["title": "x"]), (Samples.unit("price.CNY"), 1)],
                by: DeskWorld.boss)
        }
        guard case .invalid = bad else { Issue.record("made with a unit it cannot have"); return }
        guard case .notFound = await refusal({ _ = try await world.catalog.entity(DeskWorld.tea) }) else {
            Issue.record("half of it stayed")
            return
        }
        try await world.makeTea()
        guard case .contradiction = await refusal({ try await world.makeTea() }) else {
            Issue.record("made twice")
            return
        }
    }

    @Test func `what is deleted says so and keeps its values`() async throws {
        let world = try DeskWorld()
        let made = try await world.makeTea()
        try await world.catalog.delete(DeskWorld.tea, expecting: made.tag, by: DeskWorld.boss)
        let report = try await world.catalog.entity(DeskWorld.tea)
        #expect(report.deleted)
        #expect(report.units.last?.value?["title"] == "Longjing")
        let error = await refusal {
            try await world.catalog.delete(DeskWorld.tea, expecting: made.tag, by: DeskWorld.boss)
        }
        guard case .stale = error else { Issue.record("deleted by an old tag"); return }
    }

    private static let file = """
        Handle,Title,Body (HTML),Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price
        longjing,龙井茶,<p>好茶</p>,西湖,Title,Default Title,TEA-1,128.00
        biluochun,碧螺春,,西湖,Title,Default Title,TEA-2,98.00

        """

    @Test func `the same file again changes nothing, and the export brings nothing new`() async throws {
        let world = try DeskWorld()
        guard case .summary(_, let created, _, _, let faulty) = try await world.bring(DesksCatalogTests.file).last else {
            Issue.record("no summary")
            return
        }
        #expect(created > 2 && faulty == 0)
        let newest = try await world.store.read { reading throws(StoreError) in try reading.newestSequence() }
        var exported: [UInt8] = []
        try await world.catalog.exportCatalog(ExportOrder(format: .shopify, channel: nil)) { exported += $0 }
        for text in [DesksCatalogTests.file, String(decoding: exported, as: UTF8.self)] {
            guard case .summary(_, let created, let changed, let unchanged, 0) = try await world.bring(text).last else {
                Issue.record("no clean summary")
                return
            }
            #expect(created == 0 && changed == 0 && unchanged > 2)
        }
        #expect(try await world.store.read { reading throws(StoreError) in try reading.newestSequence() } == newest)
        #expect(try await world.audited().count { $0 == "uid:1000 import.end catalog" } == 3)
    }

    @Test func `a dry run says what would happen and writes nothing`() async throws {
        let world = try DeskWorld()
        guard case .summary(2, let created, _, _, 0) = try await world.bring(DesksCatalogTests.file, dryRun: true).last
        else { Issue.record("no summary"); return }
        #expect(created > 2)
        #expect(try await world.store.read { reading throws(StoreError) in try reading.newestSequence() } == 0)
        #expect(try await world.audited().isEmpty)
    }

    @Test func `a bad row is named and the good ones are taken`() async throws {
        let world = try DeskWorld()
        let text = DesksCatalogTests.file + "maofeng,毛峰,,黄山,Title,Default Title,TEA-3,dear\n"
        let lines = try await world.bring(text)
        #expect(lines.contains { if case .fault(4, _, _) = $0 { true } else { false } })
        #expect(try await world.operators.why("TEA-2", channel: nil).ref.kind == .sku)
    }

    @Test(arguments: [1 << 10, 1 << 20])
    func `a cell longer than the configuration allows is named and left out`(limit: Int) async throws {
        let world = try DeskWorld(cellBytesMax: limit)
        let long = String(repeating: "x", count: 2_000)
        let lines = try await world.bring(
            DesksCatalogTests.file + "maofeng,毛峰,<p>\(long)</p>,黄山,Title,Default Title,TEA-3,9.00\n")
        let isNamed = lines.contains { if case .fault(4, _, _) = $0 { true } else { false } }
        #expect(isNamed == (limit == 1 << 10))
    }

    @Test func `an import that broke off goes on where it stopped, and only with the same file`() async throws {
        let world = try DeskWorld()
        let rows = DesksCatalogTests.file.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)\n" }
        let whole = rows.joined()
        struct LineCut: Error {}
        await #expect(throws: LineCut.self) {
            _ = try await world.bring(pieces: [rows[0] + rows[1], rows[2]], ending: LineCut())
        }
        #expect(try await world.operators.why("TEA-1", channel: nil).ref.kind == .sku)
        let error = await refusal { _ = try await world.bring(whole.replacing("西湖", with: "东湖")) }
        guard case .contradiction = error else { Issue.record("\(String(describing: error))"); return }
        let lines = try await world.bring(pieces: [rows[0] + rows[1], rows[2], rows[3]], ending: nil)
        guard case .summary(2, let created, 0, 0, 0) = lines.last else { Issue.record("\(lines)"); return }
        let counts = try await world.store.read { reading throws(StoreError) in
            try reading.entityCounts().reduce(0) { $0 + $1.count }
        }
        #expect(created == counts)
    }

    @Test func `a channel's export shows the catalog as the channel stores it`() async throws {
        let world = try DeskWorld()
        try await world.makeTea("A very long title")
        try await world.store.write { writing throws(StoreError) in
            let rule: JSON = ["unit": "text", "member": "title", "effect": "truncate", "characters": 6]
            try writing.putChannel(DeskWorld.web, settings: ["projection": [rule]])
        }
        let settings = try await world.store.read { reading throws(StoreError) in
            try reading.requireChannel(DeskWorld.web).settings
        }
        var exported: [UInt8] = []
        try await world.catalog.exportCatalog(ExportOrder(format: .jsonl, channel: DeskWorld.web)) { exported += $0 }
        #expect(String(decoding: exported, as: UTF8.self).contains("\"A very\""), "under \(settings.text)")
    }

    @Test func `a file in another language and currency is taken and given as such`() async throws {
        let world = try DeskWorld()
        let words = FileWords(locale: "en", currency: "USD", source: "us-shop")
        let text = DesksCatalogTests.file.replacing("龙井茶", with: "Dragon Well")
        guard case .summary(2, _, _, _, 0) = try await world.bring(text, words: words).last else {
            Issue.record("not taken")
            return
        }
        let tea = try await world.operators.why("TEA-1", channel: nil)
        #expect(tea.units.contains { $0.name == UnitName("price.USD") && $0.live?["amount"] == 12_800 })
        #expect(!tea.units.contains { $0.name == UnitName("price.CNY") })
        var exported: [UInt8] = []
        try await world.catalog.exportCatalog(ExportOrder(format: .shopify, channel: nil, words: words)) { exported += $0 }
        #expect(String(decoding: exported, as: UTF8.self).contains("Dragon Well"))
    }

    @Test func `a language that is none is refused before anything is read`() async throws {
        let world = try DeskWorld()
        for (words, field) in [
            (FileWords(locale: "in English"), "locale"), (FileWords(locale: "zh_CN"), "locale"),
            (FileWords(currency: "Yuan"), "currency"), (FileWords(source: "a b"), "source"), (FileWords(source: "sku"), "source"),
        ] {
            let error = await refusal { _ = try await world.bring(DesksCatalogTests.file, words: words) }
            guard case .invalid(field, _) = error else { Issue.record("\(String(describing: error))"); return }
            guard case .invalid(field, _) = await refusal({
                try await world.catalog.check(ExportOrder(format: .jsonl, channel: nil, words: words))
            }) else { Issue.record("exported with \(words)"); return }
        }
        #expect(try await world.store.read { reading throws(StoreError) in try reading.newestSequence() } == 0)
    }

    @Test func `an export of a channel nobody knows, or in a format that is only read, is refused before it begins`() async throws {
        let world = try DeskWorld()
        let unknown = await refusal { try await world.catalog.check(ExportOrder(format: .jsonl, channel: DeskWorld.web)) }
        guard case .notFound = unknown else { Issue.record("\(String(describing: unknown))"); return }
        let unwritten = await refusal { try await world.catalog.check(ExportOrder(format: .csv, channel: nil)) }
        guard case .invalid(field: "format", _) = unwritten else { Issue.record("\(String(describing: unwritten))"); return }
    }

    @Test func `a channel's export leaves out what the channel does not take`() async throws {
        let world = try DeskWorld()
        try await world.makeTea("Tea")
        try await world.store.write { writing throws(StoreError) in
            try writing.putChannel(DeskWorld.web, settings: ["families": ["brand"]])
        }
        var exported: [UInt8] = []
        try await world.catalog.exportCatalog(ExportOrder(format: .jsonl, channel: DeskWorld.web)) { exported += $0 }
        let text = String(decoding: exported, as: UTF8.self)
        #expect(text.contains("\"life\"") && !text.contains("\"text."))
    }

    @Test(arguments: ["erp", "../etc/passwd", "/nowhere/erp.json"])
    func `a mapping that is not there is named`(name: String) async throws {
        let world = try DeskWorld()
        let error = await refusal { _ = try await world.bring("a\n1\n", .csv, mapping: name) }
        guard case .invalid(field: "mapping", _) = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test func `a mapping is found by its name`() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-desk-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { unlink(directory + "/erp.json"); rmdir(directory) }
        let mapping = """
            {"format": "heyi-mapping/1", "product": {"key": "No", "units": {"text.{locale}": {"title": "Name"}}}}
            """
        try mapping.write(toFile: directory + "/erp.json", atomically: true, encoding: .utf8)
        let world = try DeskWorld(mappings: directory)
        let lines = try await world.bring("No,Name\n17,龙井茶\n", .csv, mapping: "erp")
        #expect(lines.last == .summary(rows: 1, created: 1, changed: 0, unchanged: 0, faulty: 0))
        #expect(try await world.operators.why("17", channel: nil).aliases == ["erp: 17"])
    }
}
