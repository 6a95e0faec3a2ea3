import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct PullTests {
    @Test(arguments: [ShopFace.deltaWithClocks, .deltaWithoutClocks])
    func `page by page, every own edit comes once and in order`(face: ShopFace) async throws {
        let fixture = try ShopFixture(face)
        for number in 1...7 {
            await fixture.shop.edit(RemoteRef(kind: .sku, id: "s\(number)"), try fixture.unit("tags"), [])
        }
        var cursor: String?
        var seen: [String] = []
        repeat {
            let page = try await fixture.shop.pull(since: cursor, limit: 3)
            seen += page.list("deltas").compactMap { $0["entity"]?["id"]?.string }
            cursor = page["next"]?.string
            if page["complete"] == true { break }
        } while true
        #expect(seen == (1...7).map { "s\($0)" })
        #expect(try await fixture.shop.pull(since: cursor, limit: 3).list("deltas").isEmpty)
    }

    @Test func `a new generation makes every cursor void`() async throws {
        let fixture = try ShopFixture(.deltaWithClocks)
        await fixture.shop.edit(fixture.tea, try fixture.unit(), ["title": "茶"])
        let cursor = try await fixture.shop.pull(since: nil, limit: 3)["next"]?.string
        await fixture.shop.turn { $0.generation = "g2" }
        let refusal = await #expect(throws: ShopProblem.self) { try await fixture.shop.pull(since: cursor, limit: 3) }
        #expect(refusal?.status == 410)
        #expect(await fixture.shop.capabilities()["generation"] == "g2")
    }

    @Test func `a page may come shuffled and doubled, and holds the same edits`() async throws {
        var dials = Dials()
        dials.repeatPulls = 1_000
        dials.reordersPulls = true
        let fixture = try ShopFixture(.deltaWithClocks, dials: dials)
        for number in 10...29 {
            await fixture.shop.edit(RemoteRef(kind: .sku, id: "s\(number)"), try fixture.unit("tags"), [])
        }
        let ids = try await fixture.shop.pull(since: nil, limit: 50).list("deltas").compactMap { $0["entity"]?["id"]?.string }
        #expect(ids.count == 40)
        #expect(ids != ids.sorted())
        #expect(Set(ids) == Set((10...29).map { "s\($0)" }))
    }

    @Test func `items changed in the same second are all listed, however small the page`() async throws {
        let fixture = try ShopFixture(.plain)
        for number in 1...9 {
            await fixture.shop.edit(RemoteRef(kind: .sku, id: "s\(number)"), try fixture.unit("tags"), [])
            if number == 6 { fixture.time.advance(by: .seconds(1)) }
        }
        var since: Int64 = 0
        var after: String?
        var seen: [String] = []
        for _ in 1...9 {
            let page = await fixture.shop.items(updatedSince: since, after: after, limit: 2)
            for item in page.list("items") {
                since = try #require(item["updated_at"]?.integer)
                let id = try #require(item["id"]?.string)
                after = "sku/\(id)"
                seen.append(id)
            }
            if page["more"] == false { break }
        }
        #expect(seen == (1...9).map { "s\($0)" })
        #expect(await fixture.shop.items(updatedSince: since, after: nil, limit: 9).list("items").count == 3)
    }

    @Test func `a snapshot walks all entities in order and never cuts one in two`() async throws {
        let fixture = try ShopFixture(.deltaWithClocks)
        for id in ["c", "a", "b"] {
            for unit in ["tags", "media"] {
                await fixture.shop.edit(RemoteRef(kind: .sku, id: id), try fixture.unit(unit), [])
            }
        }
        var position: String?
        var seen: [String] = []
        repeat {
            let page = await fixture.shop.snapshot(after: position, limit: 1)
            seen += page.list("deltas").compactMap { delta in
                delta["entity"]?["id"]?.string.flatMap { id in delta["unit"]?.string.map { "\(id) \($0)" } }
            }
            position = page["next"]?.string
        } while position != nil
        #expect(seen == ["a media", "a tags", "b media", "b tags", "c media", "c tags"])
    }
}
