import Commerce
import Mall
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: [(CatalogFormat.shopify, "shopify"), (.woocommerce, "woocommerce"), (.jsonl, "jsonl")])
    func `importing an export changes nothing`(format: CatalogFormat, source: String) async throws {
        for seed in UInt64(1)...150 {
            let random = RandomCatalog(seed: seed, source: source)
            let shop = Interchange(source: source)
            for (ref, units, aliases) in random.entities {
                await shop.catalog.put(ref, units)
                for (namespace, key) in aliases { await shop.catalog.name(ref, namespace, key) }
            }
            let before = await shop.catalog.picture
            let file = try await shop.export(format)
            let result = await shop.bring(file, as: format, piece: 777)
            #expect(result.error == nil, "seed \(seed)")
            #expect(result.faults.map(\.description) == [], "seed \(seed)")
            let after = await shop.catalog.picture
            #expect(after.filter { !before.contains($0) } == [], "seed \(seed)\n\(file)")
            #expect(before.filter { !after.contains($0) } == [], "seed \(seed)")
            if after != before { return }
        }
    }

    @Test(arguments: [(CatalogFormat.jsonl, "jsonl")])
    func `an export brought into an empty catalog is the same catalog`(format: CatalogFormat, source: String) async throws {
        for seed in UInt64(1)...50 {
            let shop = Interchange(source: source)
            for (ref, units, _) in RandomCatalog(seed: seed, source: source).entities { await shop.catalog.put(ref, units) }
            let copy = Interchange(source: source)
            let result = await copy.bring(try await shop.export(format), as: format)
            #expect(result.faults.isEmpty)
            let pictures = await (shop.catalog.picture, copy.catalog.picture)
            #expect(pictures.0 == pictures.1, "seed \(seed)")
        }
    }
}
