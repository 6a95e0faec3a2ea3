import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct StoreCatalogTests {
    private func bring(_ text: String, into store: Store) async throws -> (ImportReport, [RowFault]) {
        let options = try InterchangeOptions(locale: "en", currency: "USD", source: "shopify")
        var reader = try CatalogFormat.shopify.reader(options)
        var source = MemoryBytes(Array(text.utf8), piece: 100)
        var importer = Importer(
            into: StoreCatalog(store, author: "import:test"), options: options, surroundings: store.surroundings)
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
}
