import Commerce
import Store
import TestKit
import Testing

@Suite struct HoldTests {
    @Test func `an order gets all of its lines or none of them`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), 1, cause: "po-1")
        try await world.move(.receive(1), 2, cause: "po-2")
        let short = try await world.reserve("order/1", [("1", 1, 3), ("2", 2, 2)])
        #expect(short.shortages.map(\.description) == ["sku/s2: 2 wanted, 1 available"])
        #expect(try await world.balance(1).pool == 5)
        #expect(try await world.reserve("order/1", [("1", 1, 3), ("2", 2, 1)]).isHeld)
        #expect(try await world.balance(1).pool == 2)
    }

    @Test func `two lines and a bundle that share a component cannot both find its last unit`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(3), cause: "po-1")
        let outcome = try await world.reserve("order/1", [("1", 1, 2), ("2/bundle", 1, 2)])
        #expect(outcome.shortages .map(\.description) == ["sku/s1: 4 wanted, 3 available"])
        #expect(try await world.reserve("order/2", [("1", 1, 1), ("2/bundle", 1, 2)]).isHeld)
    }

    @Test func `a line larger than any one warehouse is split, and the parts add up to it`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(3), cause: "po-1")
        try await world.move(.receive(4), at: StockWorld.north, cause: "po-2")
        guard case .held(let holds) = try await world.reserve("order/1", [("1", 1, 6)]) else {
            Issue.record("not held")
            return
        }
        #expect(holds.map { "\($0.warehouse) \($0.quantity)" } == ["main 3", "north 3"])
        #expect(try await world.available() == 1)
    }

    @Test func `the same attempt is answered the same however often it comes, and another order under it is refused`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        guard case .held(let holds) = try await world.reserve("order/1", [("1", 1, 2)]) else {
            Issue.record("not held")
            return
        }
        for _ in 1...3 { #expect(try await world.reserve("order/1", [("1", 1, 2)]) == .known(holds)) }
        #expect(try await world.balance().reserved == 2)
        await #expect(throws: StoreError.self) { try await world.reserve("order/1", [("1", 1, 3)]) }
        #expect(try await world.reserve("order/1", [("1", 1, 3)], attempt: 1).isHeld)
    }

    @Test func `a hold is over at its instant, and the next buyer needs no sweeper`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(1), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 1)], minutes: 15).isHeld)
        world.time.advance(by: .milliseconds(15 * 60_000 - 1))
        #expect(try await world.available() == 0)
        #expect(try await !world.reserve("order/2", [("1", 1, 1)]).isHeld)
        world.time.advance(by: .milliseconds(1))
        #expect(try await world.available() == 1)
        #expect(try await world.reserve("order/2", [("1", 1, 1)], attempt: 1).isHeld)
        // Whoever comes late finds it gone, and the goods are not sold twice.
        #expect(try await world.claim("order/1").refusal == .expired)
        #expect(try await world.claim("order/2").isDone)
        #expect(try await world.balance().sold == 1)
    }

    @Test func `a payment that comes late finds its hold over even when nobody else wanted the goods`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(1), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 1)]).isHeld)
        world.time.advance(by: .seconds(3_600))
        #expect(try await world.claim("order/1").refusal == .expired)
        #expect(try await world.balance().pool == 1)
        // Holding again is what a policy decides, under the next attempt.
        #expect(try await world.reserve("order/1", [("1", 1, 1)], attempt: 1).isHeld)
        #expect(try await world.claim("order/1").isDone)
        #expect(try await world.amiss() == [])
    }

    @Test func `while a payment is in doubt its goods are nobody else's, for however long`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(1), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 1)]).isHeld)
        #expect(try await world.store.write { writing throws(StoreError) in try writing.doubt(owner: "order/1") }.isDone)
        world.time.advance(by: .seconds(26 * 3_600))
        #expect(try await world.release("order/1").refusal == .open)
        #expect(try await !world.reserve("order/2", [("1", 1, 1)]).isHeld)
        #expect(try await world.store.write { writing throws(StoreError) in try writing.expireHolds() } == 0)
        #expect(try await world.claim("order/1").isDone)
    }

    @Test func `more time is never less, and ends a doubt`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(1), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 1)], minutes: 60).isHeld)
        func extend(_ seconds: Int) async throws -> Timestamp? {
            try await world.store.write { writing throws(StoreError) in
                _ = try writing.extend(owner: "order/1", by: .seconds(seconds))
                return try writing.reading.holds(owner: "order/1").first?.expiresAt
            }
        }
        let end = world.now + .seconds(3_600)
        #expect(try await extend(60) == end)
        #expect(try await extend(7_200) == world.now + .seconds(7_200))
        _ = try await world.store.write { writing throws(StoreError) in try writing.doubt(owner: "order/1") }
        #expect(try await extend(60) == world.now + .seconds(60))
    }

    @Test func `claim, release and expiry each happen once, whichever comes first`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(3), cause: "po-1")
        for owner in ["a", "b", "c"] { #expect(try await world.reserve(owner, [("1", 1, 1)]).isHeld) }
        #expect(try await world.claim("a").isDone)
        #expect(try await !world.claim("a").isDone)
        #expect(try await world.release("a").refusal == .claimed)
        #expect(try await world.release("b").isDone)
        #expect(try await !world.release("b").isDone)
        #expect(try await world.claim("b").refusal == .released)
        world.time.advance(by: .seconds(3_600))
        for expected in [1, 0] {
            #expect(try await world.store.write { writing throws(StoreError) in try writing.expireHolds() } == expected)
        }
        #expect(try await world.claim("c").refusal == .expired)
        #expect(try await world.claim("d") == .nothing)
        let balance = try await world.balance()
        #expect((balance.pool, balance.reserved, balance.sold) == (2, 0, 1))
        #expect(try await world.amiss() == [])
    }

    @Test func `when a host's clock is set ahead or back, what somebody holds keeps its time`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(1), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 1)], minutes: 15).isHeld)
        for hours in [5, -5] {
            world.time.advance(by: .seconds(hours * 3_600))
            try await world.store.write { writing throws(StoreError) in try writing.follow(clockStep: .seconds(hours * 3_600)) }
        }
        #expect(try await world.available() == 0)
        world.time.advance(by: .seconds(15 * 60))
        #expect(try await world.available() == 1)
    }

    @Test func `goods that are not there are promised as far as the limit goes, and come out of the next delivery`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(2), cause: "po-1")
        try await world.store.write { writing throws(StoreError) in
            try writing.setStockRule(sku(1), backorderLimit: 3, alertBelow: nil)
        }
        #expect(try await world.reserve("order/1", [("1", 1, 4)]).isHeld)
        #expect(try await world.reserve("order/2", [("1", 1, 2)]).shortages.first?.available == 1)
        try await world.move(.receive(10), cause: "po-2")
        let balance = try await world.balance()
        #expect((balance.pool, balance.backordered, balance.reserved) == (8, 0, 4))
    }

    @Test(arguments: ["product/s1", "sku/unknown"])
    func `goods that are none, or that nobody knows, are not held`(ref: String) async throws {
        let world = try await StockWorld()
        let entity = EntityRef(ref)!
        await #expect(throws: StoreError.self) {
            try await world.store.write { writing throws(StoreError) in
                try writing.setStockRule(entity, backorderLimit: 1, alertBelow: nil)
            }
        }
        guard entity.kind == .sku else { return }
        let request = try HoldRequest(
            owner: "order/1",
            demand: StockDemand([StockDemand.Part(line: "1", sku: SKUID(entity)!, quantity: 1)]), lifetime: .seconds(60))
        await #expect(throws: StoreError.notFound(ref)) {
            try await world.store.write { writing throws(StoreError) in try writing.reserve(request) }
        }
    }

    @Test func `what is fenced off for one channel cannot be held through another`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        let fence = try PublishingPolicy(ringFence: 3)
        try await world.store.write { writing throws(StoreError) in try writing.setPublishingPolicy(fence, of: StockWorld.web) }
        #expect(try await world.reserve("order/1", [("1", 1, 3)], channel: StockWorld.app).shortages.first?.available == 2)
        #expect(try await world.reserve("order/2", [("1", 1, 2)], channel: StockWorld.app).isHeld)
        #expect(try await world.reserve("order/3", [("1", 1, 3)], channel: StockWorld.web).isHeld)
    }
}
