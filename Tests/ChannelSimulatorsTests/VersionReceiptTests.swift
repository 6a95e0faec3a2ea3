import ChannelSimulators
import Commerce
import Testing

/// The receipt rules of a delta-speaking shop that knows versions only.
@Suite struct VersionReceiptTests {
    @Test func `only who names the version held may replace it`() async throws {
        let fixture = try ShopFixture(.deltaWithoutClocks)
        let shop = fixture.shop
        let first = try await shop.receive(fixture.batch(fixture.delta(operation: "op1")))
        let version = try #require(first.list("held").first?["version"]?.string)
        await shop.edit(fixture.tea, try fixture.unit(), ["title": "店"])
        let late = try await shop.receive(
            fixture.batch(fixture.delta(value: ["title": "总"], operation: "op2", expect: version)))
        let stale = try #require(late.list("stale").first)
        #expect(stale["value"] == ["title": "店"])
        let again = try await shop.receive(
            fixture.batch(
                fixture.delta(value: ["title": "总"], operation: "op2", expect: try #require(stale["version"]?.string))))
        #expect(again.list("held").first?["value"] == ["title": "总"])
        #expect(await shop.ledger == ["op1": 1, "op2": 1])
    }

    @Test func `a repeated operation is answered as before, though its version is gone`() async throws {
        let fixture = try ShopFixture(.deltaWithoutClocks)
        let batch = fixture.batch(fixture.delta(operation: "op1"))
        let first = try await fixture.shop.receive(batch)
        #expect(try await fixture.shop.receive(batch) == first)
        #expect(await fixture.shop.doubledEffects.isEmpty)
    }

    @Test func `a shop that recognises nothing shows doubled effects in its ledger`() async throws {
        var dials = Dials()
        dials.recognisesKeys = false
        dials.comparesAndSwaps = false
        let fixture = try ShopFixture(.deltaWithoutClocks, dials: dials)
        let batch = fixture.batch(fixture.delta(operation: "op1"))
        _ = try await fixture.shop.receive(batch)
        _ = try await fixture.shop.receive(batch)
        #expect(await fixture.shop.ledger == ["op1": 2])
        #expect(await fixture.shop.doubledEffects == ["op1"])
    }

    @Test func `an operation's id may not come back with another delta`() async throws {
        let fixture = try ShopFixture(.deltaWithoutClocks)
        _ = try await fixture.shop.receive(fixture.batch(fixture.delta(operation: "op1")))
        let answer = try await fixture.shop.receive(fixture.batch(fixture.delta(value: ["title": "别"], operation: "op1")))
        #expect(answer.list("rejected").first?["field"] == "op_id")
    }
}
