import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing

@Suite struct ServerControlTests {
    @Test func `an edit by the shop's people reaches the hub by a pull`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            let edit = Array("{\"entity\":\"product/longjing\",\"unit\":\"tags\",\"value\":[\"tea\"]}".utf8)
            #expect(try await open.send(.post, "/_sim/edit", body: edit).status == 204)
            let page = try await open.hub().pull(after: nil, limit: 10)
            #expect(page.faults.isEmpty)
            #expect(page.complete)
            #expect(page.observations.map(\.content) == [.value(["tea"])])
            #expect(page.observations.first?.dot == DotToken(actor: open.shop.actorName, count: 1))
        }
    }

    @Test func `dials are turned while it runs, and a wrong one is named`() async throws {
        try await OpenShop.with(.plain) { open async throws in
            let turned = try await open.send(.post, "/_sim/dials", body: Array("{\"throttle\":1000}".utf8))
            #expect(try JSON.parse(turned.body)["throttle"] == 1_000)
            #expect(try await open.send(.get, "/about").status == 429)
            let wrong = try await open.send(.post, "/_sim/dials", body: Array("{\"throtle\":0}".utf8))
            #expect(wrong.status == 422)
            #expect(try JSON.parse(wrong.body)["field"] == "throtle")
        }
    }

    @Test func `the ledger, the digest and the state are there for whoever asks`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            _ = try await open.push("op1")
            let ledger = try JSON.parse(try await open.send(.get, "/_sim/ledger?writes=true").body)
            #expect(ledger["operations"] == ["op1": 1])
            #expect(ledger.list("writes").first?["value"] == ["title": "龙井"])
            let digest = try JSON.parse(try await open.send(.get, "/_sim/digest").body)["digest"]?.string
            #expect(digest == (await open.shop.digest()))
            let state = try JSON.parse(try await open.send(.get, "/_sim/state").body)
            #expect(state["units"] == 1)
            #expect(state["effects"] == 1)
        }
    }

    @Test(arguments: [ShopFace.deltaWithClocks, .deltaWithoutClocks, .plain])
    func `what was pushed is read and listed as it is held`(face: ShopFace) async throws {
        try await OpenShop.with(face) { open async throws in
            let hub = try open.hub()
            #expect(try await hub.capabilities().keepsClocks == (face == .deltaWithClocks))
            _ = try await open.push("op1")
            let tea = RemoteRef(kind: .product, id: "longjing")
            let other = RemoteRef(kind: .product, id: "nobody")
            let read = try await hub.read([tea, other])
            #expect(read.map(\.content) == [.value(["title": "龙井"]), .absent])
            #expect(read.map(\.entity) == [tea, other])
            #expect(try await hub.enumerate(after: nil, limit: 10).observations.map(\.content) == [.value(["title": "龙井"])])
        }
    }
}
