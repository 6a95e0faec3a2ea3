import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing

@Suite struct PlainShopTests {
    let fixture: ShopFixture
    init() throws { fixture = try ShopFixture(.plain) }

    @Test func `a put merges the fields given and leaves the others`() async throws {
        let shop = fixture.shop
        _ = try await shop.putItem(fixture.tea, ["fields": ["tags": ["tea"], "media": []]], match: nil, key: nil)
        let item = try await shop.putItem(fixture.tea, ["fields": ["media": .null, "options": []]], match: nil, key: nil)
        #expect(item["fields"] == ["tags": ["tea"], "options": []])
    }

    @Test func `a put under an old tag changes nothing and is shown the item as it is`() async throws {
        let shop = fixture.shop
        let first = try await shop.putItem(fixture.tea, ["fields": ["tags": ["tea"]]], match: nil, key: "k1")
        await shop.edit(fixture.tea, try fixture.unit("media"), [])
        let refusal = await #expect(throws: ShopProblem.self) {
            try await shop.putItem(
                fixture.tea, ["fields": ["tags": []]], match: try #require(first["version"]?.string), key: "k2")
        }
        #expect(refusal?.status == 412)
        #expect(refusal?.json["fields"] == ["tags": ["tea"], "media": []])
        #expect(await shop.ledger == ["k1": 1])
    }

    @Test func `a put or delete repeated under its key has one effect`() async throws {
        let shop = fixture.shop
        let first = try await shop.putItem(fixture.tea, ["fields": ["tags": ["tea"]]], match: nil, key: "k1")
        #expect(try await shop.putItem(fixture.tea, ["fields": ["tags": ["tea"]]], match: nil, key: "k1") == first)
        try await shop.deleteItem(fixture.tea, match: nil, key: "k2")
        try await shop.deleteItem(fixture.tea, match: nil, key: "k2")
        #expect(await shop.ledger == ["k1": 1, "k2": 1])
    }

    @Test func `what was deleted is gone from the shop and told to who asks for changes`() async throws {
        let shop = fixture.shop
        _ = try await shop.putItem(fixture.tea, ["fields": ["tags": ["tea"]]], match: nil, key: nil)
        try await shop.deleteItem(fixture.tea, match: nil, key: nil)
        let refusal = await #expect(throws: ShopProblem.self) { try await shop.item(fixture.tea) }
        #expect(refusal?.status == 404)
        #expect(await shop.items(updatedSince: nil, after: nil, limit: 9).list("items").isEmpty)
        #expect(await shop.items(updatedSince: 0, after: nil, limit: 9).list("items").map { $0["deleted"] } == [true])
        #expect(await shop.contents.isEmpty)
    }

    @Test func `a lagging reader is shown the item as it was before the last write`() async throws {
        await fixture.shop.turn { $0.staleReads = 1_000 }
        _ = try await fixture.shop.putItem(fixture.tea, ["fields": ["tags": ["old"]]], match: nil, key: nil)
        _ = try await fixture.shop.putItem(fixture.tea, ["fields": ["tags": ["new"]]], match: nil, key: nil)
        #expect(try await fixture.shop.item(fixture.tea)["fields"] == ["tags": ["old"]])
        await fixture.shop.turn { $0.staleReads = 0 }
        #expect(try await fixture.shop.item(fixture.tea)["fields"] == ["tags": ["new"]])
    }
}
