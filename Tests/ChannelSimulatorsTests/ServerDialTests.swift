import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing

/// Each bad habit as the hub meets it, judged by the shop's own ledger.
@Suite struct ServerDialTests {
    @Test(arguments: [ShopFace.deltaWithClocks, .deltaWithoutClocks, .plain])
    func `an answer lost after the work was done looks unknown, and the retry has no second effect`(
        face: ShopFace
    ) async throws {
        try await OpenShop.with(face) { open async throws in
            await open.shop.turn { $0.dropAfter = 1_000 }
            let failure = await #expect(throws: ChannelError.self) { try await open.push("op1") }
            guard case .unknown? = failure else { Issue.record("got \(String(describing: failure))"); return }
            #expect(await open.shop.ledger == ["op1": 1])
            await open.shop.turn { $0.dropAfter = 0 }
            guard case .stored? = try await open.push("op1").outcomes.first else { Issue.record("not stored"); return }
            #expect(await open.shop.ledger == ["op1": 1])
        }
    }

    @Test func `a failure after the work was done is a 500 with an effect, one before it a 503 without`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            await open.shop.turn { $0.failBefore = 1_000 }
            await #expect(throws: ChannelError.throttled(retryAfter: nil)) { try await open.push("op1") }
            #expect(await open.shop.ledger.isEmpty)
            await open.shop.turn {
                $0.failBefore = 0
                $0.failAfter = 1_000
            }
            let failure = await #expect(throws: ChannelError.self) { try await open.push("op1") }
            guard case .failed(status: 500, _)? = failure else { Issue.record("got \(String(describing: failure))"); return }
            #expect(await open.shop.ledger == ["op1": 1])
        }
    }

    @Test func `a throttled hub is told how long to wait`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            await open.shop.turn { $0.throttle = 1_000 }
            await #expect(throws: ChannelError.throttled(retryAfter: .seconds(1))) { try await open.push("op1") }
            #expect(await open.shop.ledger.isEmpty)
        }
    }

    @Test func `a dark shop hangs up or is closed, and does nothing`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            await open.shop.turn { $0.dark = .unavailable }
            await #expect(throws: ChannelError.throttled(retryAfter: .seconds(1))) { try await open.push("op1") }
            await open.shop.turn { $0.dark = .closed }
            let failure = await #expect(throws: ChannelError.self) { try await open.push("op1") }
            guard case .unknown? = failure else { Issue.record("got \(String(describing: failure))"); return }
            #expect(await open.shop.ledger.isEmpty)
            await open.shop.turn { $0.dark = .off }
            #expect(try await open.push("op1").outcomes == [.stored(holding: nil)])
        }
    }

    @Test func `single deltas are rejected or put off`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            await open.shop.turn { $0.reject = 1_000 }
            guard case .rejected? = try await open.push("op1").outcomes.first else { Issue.record("not rejected"); return }
            await open.shop.turn { $0.defer = 1_000 }
            #expect(try await open.push("op1").outcomes == [.deferred(retryAfter: .seconds(1))])
            #expect(await open.shop.ledger.isEmpty)
        }
    }

    @Test func `the same seed has the same bad luck`() async throws {
        func luck() async throws -> [JSON] {
            var dials = Dials()
            dials.seed = 20_260
            dials.defer = 500
            let fixture = try ShopFixture(.deltaWithClocks, dials: dials)
            return try await fixture.shop.receive(
                fixture.batch(fixture.delta(1), fixture.delta(2), fixture.delta(3), fixture.delta(4), fixture.delta(5))
            ).list("deferred")
        }
        let first = try await luck()
        #expect(first.count > 0 && first.count < 5)
        #expect(try await luck() == first)
    }
}
