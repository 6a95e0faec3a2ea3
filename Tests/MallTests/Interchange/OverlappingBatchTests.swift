import Commerce
import Mall
import Testing

/// The next batch is planned while one is being written.
@Suite struct OverlappingBatchTests {
    private static func file(_ products: Int) -> String {
        ShopifyImportTests.header
            + (0..<products).map { ShopifyImportTests.pot.replacing("pot,", with: "pot\($0),").replacing("P-", with: "P\($0)-") }
            .joined()
    }

    @Test(arguments: [500, 1_000, 65_536])
    func `what one batch makes, the next one finds`(piece: Int) async throws {
        let shop = Interchange()
        let result = await shop.bring(Self.file(200), as: .shopify, piece: piece)
        #expect(result.faults.isEmpty)
        let once = Interchange()
        _ = await once.bring(Self.file(200), as: .shopify, piece: 10_000_000)
        for kind in [EntityKind.brand, .category, .product, .sku] {
            let counts = await (shop.catalog.count(kind), once.catalog.count(kind))
            #expect(counts.0 == counts.1, "\(kind)")
        }
    }

    @Test func `what a batch was refused is not built upon by the one that was planned meanwhile`() async throws {
        let shop = Interchange()
        // The first product's lines bring the brand along. In small pieces each product is a batch of its own.
        await shop.catalog.refuse(lines: [2])
        let result = await shop.bring(Self.file(40), as: .shopify, piece: 100)
        #expect(result.faults.allSatisfy { $0.line == 2 })
        #expect(await shop.catalog.count(.product) == 39)
        #expect(await shop.catalog.count(.brand) == 1)
        let brand = try #require(await shop.catalog.order.first { $0.kind == .brand })
        for number in 1..<40 {
            let product = try #require(await shop.catalog.units(.product, "shopify", "pot\(number)"))
            #expect(product["brand"]?["id"]?.string == brand.id.text)
        }
    }
}
