import ChannelSimulators
import Commerce
import Testing

/// The receipt rules of a shop that keeps clocks.
@Suite struct ClockReceiptTests {
    let fixture: ShopFixture
    init() throws { fixture = try ShopFixture(.deltaWithClocks) }

    @Test func `a write that covers what is held replaces it and its clock`() async throws {
        let shop = fixture.shop
        await shop.edit(fixture.tea, try fixture.unit(), ["title": "茶"])
        let answer = try await shop.receive(
            fixture.batch(fixture.delta(clock: ["hub:main:a": 1, fixture.own: 1])))
        #expect(answer["ack"] == 1)
        for list in ["held", "stale", "rejected", "deferred"] { #expect(answer.list(list).isEmpty) }
        let read = try await shop.read(["entities": [["kind": "product", "id": "longjing"]]])
        #expect(read.list("deltas").first?["value"] == ["title": "龙井"])
        #expect(read.list("deltas").first?["clock"] == ["hub:main:a": 1, fixture.own: 1])
        #expect(read.list("deltas").first?["dot"] == nil)
    }

    @Test func `a write older than what is held is answered with what is held`() async throws {
        let shop = fixture.shop
        _ = try await shop.receive(fixture.batch(fixture.delta(value: ["title": "新"], clock: ["hub:main:a": 2])))
        let answer = try await shop.receive(fixture.batch(fixture.delta(value: ["title": "旧"], clock: ["hub:main:a": 1])))
        #expect(answer.list("held") == [["seq": 1, "value": ["title": "新"], "clock": ["hub:main:a": 2]]])
        #expect(await shop.value(fixture.tea, try fixture.unit()) == ["title": "新"])
        #expect(await shop.writes.count == 1)
    }

    @Test func `two writes that know nothing of each other leave the shop's own in place`() async throws {
        let shop = fixture.shop
        _ = try await shop.receive(fixture.batch(fixture.delta(clock: ["hub:main:a": 1])))
        await shop.edit(fixture.tea, try fixture.unit(), ["title": "店"])
        let answer = try await shop.receive(fixture.batch(fixture.delta(value: ["title": "总"], clock: ["hub:main:a": 2])))
        let stale = try #require(answer.list("stale").first)
        #expect(stale["seq"] == 1)
        #expect(stale["op"] == "set")
        #expect(stale["value"] == ["title": "店"])
        #expect(stale["clock"] == ["hub:main:a": 1])
        #expect(stale["dot"] == ["actor": .string(fixture.own), "n": 1])
        #expect(await shop.value(fixture.tea, try fixture.unit()) == ["title": "店"])
    }

    @Test func `the second own write has seen the first`() async throws {
        await fixture.shop.edit(fixture.tea, try fixture.unit(), ["title": "一"])
        await fixture.shop.edit(fixture.tea, try fixture.unit(), nil)
        let page = try await fixture.shop.pull(since: nil, limit: 10)
        let deltas = page.list("deltas")
        #expect(deltas.map { $0["op"] } == ["set", "delete"])
        #expect(deltas.map { $0["clock"] } == [[:], [fixture.own: 1]])
        #expect(deltas.map { $0["dot"]?["n"] } == [1, 2])
    }

    @Test func `the same batch twice has one effect and one answer`() async throws {
        var dials = Dials()
        dials.projection = Projection(rules: [
            ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 1))
        ])
        let fixture = try ShopFixture(.deltaWithClocks, dials: dials)
        let batch = fixture.batch(fixture.delta(clock: ["hub:main:a": 1], operation: "op1"))
        let first = try await fixture.shop.receive(batch)
        #expect(first.list("held").first?["value"] == ["title": "龙"])
        #expect(try await fixture.shop.receive(batch) == first)
        #expect(await fixture.shop.ledger == ["op1": 1])
    }

    @Test func `one bad delta is rejected alone`() async throws {
        let answer = try await fixture.shop.receive(
            fixture.batch(
                fixture.delta(1, clock: ["hub:main:a": -1]), fixture.delta(2, unit: "NOT A UNIT", clock: [:]),
                fixture.delta(3, clock: ["hub:main:a": 1])))
        #expect(answer.list("rejected").map { $0["field"] } == ["clock.hub:main:a", "unit"])
        #expect(answer.list("rejected").map { $0["seq"] } == [1, 2])
        #expect(await fixture.shop.writes.count == 1)
    }
}
