import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing

@Suite struct AccountTests {
    @Test func `the digest is SHA-256 over one line for each unit, sorted by bytes`() async throws {
        let fixture = try ShopFixture(.deltaWithClocks)
        let shop = fixture.shop
        #expect(await shop.digest() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        await shop.edit(RemoteRef(kind: .sku, id: "s1"), try fixture.unit("price.CNY"), ["currency": "CNY", "amount": 1_900])
        await shop.edit(RemoteRef(kind: .product, id: "p1"), try fixture.unit("text.zh-CN"), ["title": "茶"])
        await shop.edit(RemoteRef(kind: .product, id: "p1"), try fixture.unit("life"), ["state": "live"])
        await shop.edit(RemoteRef(kind: .product, id: "p1"), try fixture.unit("tags"), [])
        await shop.edit(RemoteRef(kind: .product, id: "p1"), try fixture.unit("tags"), nil)
        #expect(await shop.digest() == "60b356c9f32e34d1ac90dd4442def14cf68920a1077db5dd6ebea9a813c3fda8")
        await shop.edit(RemoteRef(kind: .brand, id: "b1"), try fixture.unit("text.en"), ["title": "Gone"])
        await shop.edit(RemoteRef(kind: .brand, id: "b1"), try fixture.unit("life"), ["state": "deleted"])
        #expect(await shop.digest() == "60b356c9f32e34d1ac90dd4442def14cf68920a1077db5dd6ebea9a813c3fda8")
    }

    @Test func `a lossy shop tells what it stores instead, unless it keeps that to itself`() async throws {
        var dials = Dials()
        dials.undeclared = Projection(rules: [ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 1))])
        for admits in [true, false] {
            dials.admitsUndeclared = admits
            let fixture = try ShopFixture(.deltaWithClocks, dials: dials)
            let answer = try await fixture.shop.receive(fixture.batch(fixture.delta(clock: ["hub:main:a": 1])))
            #expect(answer.list("held").map { $0["value"] } == (admits ? [["title": "龙"]] : []))
            #expect(await fixture.shop.value(fixture.tea, try fixture.unit()) == ["title": "龙"])
            #expect(await fixture.shop.capabilities().list("projection").isEmpty)
        }
    }

    @Test func `dials say which of them is wrong, and none is turned then`() async throws {
        let fixture = try ShopFixture(.plain)
        let fault = await #expect(throws: ValidationFailure.self) {
            try await fixture.shop.turnDials(["drop_after": 5, "throttle": 1_001])
        }
        #expect(fault?.field == "throttle")
        #expect(await fixture.shop.dials == Dials())
        try await fixture.shop.turnDials(["drop_after": 5, "latency_ms": [1, 9], "dark": "closed"])
        var turned = Dials()
        try turned.turn(await fixture.shop.dials.json)
        #expect(await fixture.shop.dials == turned)
        #expect(turned.dropAfter == 5)
    }
}
