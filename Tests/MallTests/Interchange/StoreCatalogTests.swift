import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct StoreCatalogTests {
    private func bring(
        _ text: String, into store: Store, dryRun: Bool = false
    ) async throws -> (ImportReport, [RowFault]) {
        let options = try InterchangeOptions(locale: "en", currency: "USD", source: "shopify")
        var reader = try CatalogFormat.shopify.reader(options)
        var source = MemoryBytes(Array(text.utf8), piece: 100)
        var importer = Importer(
            into: StoreCatalog(store, author: "import:test"), options: options, surroundings: store.surroundings,
            dryRun: dryRun)
        var faults: [RowFault] = []
        let report = try await importer.run(&source, &reader) { if case .fault(let fault) = $0 { faults.append(fault) } }
        return (report, faults)
    }

    private func export(_ store: Store) async throws -> String {
        let options = try InterchangeOptions(locale: "en", currency: "USD", source: "shopify")
        var bytes: [UInt8] = []
        var exporter = Exporter(from: StoreCatalog(store, author: "export"), options: options)
        _ = try await exporter.run(.shopify) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `an edit made while a record was planned is not overwritten`() async throws {
        let store = try Store(.memory, surroundings: .still())
        let ref = EntityRef(.brand, EntityID("b1")!)
        let unit = UnitName("text.en")!
        let master = StoreCatalog(store, author: "import:test")
        func record(_ title: JSON, basis: JSON?, isNew: Bool) -> RecordWrite {
            let wanted = UnitWanted(name: unit, value: ["title": title], basis: basis)
            return RecordWrite(line: 1, entities: [EntityWrite(ref: ref, isNew: isNew, aliases: [], units: [wanted])])
        }
        _ = try await master.apply([record("Kiln", basis: nil, isNew: true)])
        let outcomes = try await master.apply([
            record("Oven", basis: ["title": "Stove"], isNew: false), record("Kiln & Co", basis: ["title": "Kiln"], isNew: false),
        ])
        guard case .refused(ref, let failure) = outcomes[0], case .applied = outcomes[1] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(failure.reason.contains("was edited while the import ran"))
        #expect(try await master.live([ref])[0]?[unit] == ["title": "Kiln & Co"])
    }

    @Test func `the master record takes a file in, gives it back, and takes that back unmoved`() async throws {
        let store = try Store(.memory, surroundings: .still())
        let file = ShopifyImportTests.header + ShopifyImportTests.pot + ShopifyImportTests.shirt
        let (first, faults) = try await bring(file, into: store)
        #expect(faults.isEmpty)
        #expect(first.created == 6)
        let sequence = try await store.read { reading throws(StoreError) in try reading.newestSequence() }
        let (second, _) = try await bring(file, into: store)
        #expect(second.changed == 0 && second.unchanged == 5)
        let exported = try await export(store)
        let (third, again) = try await bring(exported, into: store)
        #expect(again.isEmpty)
        #expect(third.unchanged == 5)
        #expect(try await store.read { reading throws(StoreError) in try reading.newestSequence() } == sequence)
        #expect(try await export(store) == exported)
    }

    @Test func `a code that a file changes is free for another SKU at once`() async throws {
        let store = try Store(.memory, surroundings: .still())
        _ = try await bring(ShopifyImportTests.header + ShopifyImportTests.pot, into: store)
        let sku = try #require(try await store.read { reading throws(StoreError) in try reading.find("P-L").first })
        let file = ShopifyImportTests.header + ShopifyImportTests.pot.replacing("P-L", with: "P-XL")
            + ShopifyImportTests.shirt.replacing("Default Title,,", with: "Default Title,P-L,")
        let (planned, _) = try await bring(file, into: store, dryRun: true)
        let (report, faults) = try await bring(file, into: store)
        #expect(faults.isEmpty)
        #expect(planned.created == report.created && planned.changed == report.changed)
        let found = try await store.read { reading throws(StoreError) in
            (try reading.find("P-XL"), try reading.find("P-L"), try reading.aliases(sku).filter { $0.namespace == "sku" })
        }
        #expect(found.0 == [sku])
        #expect(found.1.count == 1 && found.1 != [sku])
        #expect(found.2.map(\.key) == ["P-XL"])
    }
}
