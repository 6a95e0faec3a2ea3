import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct DemoCatalogTests {
    private func bring(into store: Store) async throws -> (ImportReport, [RowFault]) {
        let options = try InterchangeOptions(locale: "zh-CN", currency: "CNY", source: "demo")
        var reader = try CatalogFormat.jsonl.reader(options)
        var source = MemoryBytes(Array(DemoGoods.jsonLines.utf8))
        var importer = Importer(
            into: StoreCatalog(store, author: "import:demo"), options: options, surroundings: store.surroundings)
        var faults: [RowFault] = []
        let report = try await importer.run(&source, &reader) { if case .fault(let fault) = $0 { faults.append(fault) } }
        return (report, faults)
    }

    private func catalog() async throws -> (products: [CatalogEntity], skus: [CatalogEntity], rest: [CatalogEntity]) {
        let store = try Store(.memory, surroundings: .still())
        let (_, faults) = try await bring(into: store)
        #expect(faults.isEmpty, "\(faults.map(\.description).joined(separator: "\n"))")
        let source = StoreCatalog(store, author: "test")
        func all(_ kind: EntityKind) async throws -> [CatalogEntity] { try await source.page(kind, after: 0, limit: 1_000).entities }
        let rest = try await all(.category) + all(.brand) + all(.tag)
        return (try await all(.product), try await all(.sku), rest)
    }

    private func unit(_ entity: CatalogEntity, _ name: String) -> JSON? { UnitName(name).flatMap { entity.units[$0] } }

    @Test func `the demo goods come in without a fault, and a second time without a change`() async throws {
        let store = try Store(.memory, surroundings: .still())
        let (first, faults) = try await bring(into: store)
        #expect(faults.isEmpty, "\(faults.map(\.description).joined(separator: "\n"))")
        #expect(first.warnings == 0 && first.refused == 0)
        #expect(first.created == first.records)
        let (second, _) = try await bring(into: store)
        #expect(second.created == 0 && second.changed == 0)
        #expect(second.unchanged == first.created)
    }

    @Test func `there is enough to fill a shop, and all of it can be read in both languages`() async throws {
        let (products, skus, rest) = try await catalog()
        #expect(products.count >= 64)
        #expect(skus.count >= 135)
        for entity in products + rest {
            for language in ["text.zh-CN", "text.en"] {
                let text = unit(entity, language)
                #expect(text?["title"] != nil, "\(entity.ref) lacks \(language)")
                guard entity.ref.kind == .product else { continue }
                #expect(text?["brief"] != nil, "\(entity.ref) has no brief in \(language)")
                let paragraphs = (text?["body"]?.string ?? "").split(separator: "</p>").count
                #expect((2...3).contains(paragraphs), "\(entity.ref) has \(paragraphs) paragraphs in \(language)")
            }
        }
    }

    @Test func `every variant can be sold, weighed and scanned, and no two share a code`() async throws {
        let (products, skus, _) = try await catalog()
        let known = Set(products.map(\.ref.id.text))
        var codes: Set<String> = []
        var barcodes: Set<String> = []
        for sku in skus {
            let product = unit(sku, "identity")?["product"]?.string ?? ""
            #expect(known.contains(product), "\(sku.ref) belongs to no product")
            let code = unit(sku, "identity")?["code"]?.string ?? ""
            #expect(!code.isEmpty)
            #expect(codes.insert(code).inserted, "\(sku.ref) \(code)")
            let barcode = unit(sku, "barcode")?["code"]?.string ?? ""
            #expect(barcode.count == 13 && Barcode.checkDigitHolds(barcode) == true, "\(sku.ref) \(barcode)")
            #expect(barcodes.insert(barcode).inserted, "\(sku.ref)")
            for (name, member) in [("price.CNY", "amount"), ("price.USD", "amount"), ("logistics", "weight_g")] {
                let number = unit(sku, name)?[member]?.integer ?? 0
                #expect(number > 0, "\(sku.ref) lacks \(name)")
            }
        }
        let sold = Set(skus.compactMap { unit($0, "identity")?["product"]?.string })
        #expect(sold == known)
    }

    @Test func `everything a product is filed under is in the catalog`() async throws {
        let (products, _, rest) = try await catalog()
        let known = Set(rest.map(\.ref.description))
        for product in products {
            var named = [unit(product, "brand")?["id"]?.string.map { "brand/\($0)" }]
            named += (unit(product, "categories")?.array ?? []).map { $0.string.map { "category/\($0)" } }
            named += (unit(product, "tags")?.array ?? []).map { $0.string.map { "tag/\($0)" } }
            for name in named { #expect(known.contains(name ?? ""), "\(product.ref) names \(name ?? "nothing")") }
        }
    }
}
