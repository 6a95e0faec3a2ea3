import Commerce
import Mall
import Testing

@Suite struct ChannelViewTests {
    @Test func `a channel's export has its own prices and projection and nothing it hides`() async throws {
        let shop = Interchange()
        _ = await shop.bring(ShopifyImportTests.header + ShopifyImportTests.pot + ShopifyImportTests.shirt, as: .shopify)
        for ref in await shop.catalog.order {
            var units = try #require(await shop.catalog.live([ref])[0])
            if units["price.USD"]?["amount"] == 1599 { units[UnitName("price.USD@web")!] = ["amount": 777] }
            if units["text.en"]?["title"] == "Blue Shirt" { units[UnitName("visibility@web")!] = ["shown": false] }
            await shop.catalog.put(ref, units)
        }
        let cut = ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 4))
        let view = ChannelView(of: shop.catalog, channel: ChannelID("web")!, projection: Projection(rules: [cut]))
        let file = try await shop.export(.shopify, from: view)
        #expect(file.contains(",Clay,"))
        #expect(file.contains(",7.77,"))
        #expect(!file.contains("15.99"))
        #expect(!file.contains("Blue Shirt"))
    }
}
