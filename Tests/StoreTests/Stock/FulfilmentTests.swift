import Commerce
import Store
import TestKit
import Testing

@Suite struct FulfilmentTests {
    private func bought(_ quantity: Int64 = 4, of stock: Int64 = 10) async throws -> StockWorld {
        let world = try await StockWorld()
        try await world.move(.receive(stock), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, quantity)]).isHeld)
        #expect(try await world.claim("order/1").isDone)
        return world
    }

    private func ship(_ world: StockWorld, _ quantity: Int64, cause: String) async throws -> StockOutcome {
        let (parts, cause) = (try demand([("1", 1, quantity)]), try StockCause(cause))
        return try await world.store.write { writing throws(StoreError) in
            try writing.ship(owner: "order/1", parts: parts, cause: cause, author: "t")
        }
    }

    private func unsell(_ world: StockWorld, _ quantity: Int64, cause: String) async throws -> StockOutcome {
        let (parts, cause) = (try demand([("1", 1, quantity)]), try StockCause(cause))
        return try await world.store.write { writing throws(StoreError) in
            try writing.unsell(owner: "order/1", parts: parts, cause: cause, author: "t")
        }
    }

    private func takeBack(_ world: StockWorld, _ quantity: Int64, _ disposition: Disposition, cause: String) async throws -> StockOutcome {
        let (parts, cause) = (try demand([("1", 1, quantity)]), try StockCause(cause))
        return try await world.store.write { writing throws(StoreError) in
            try writing.takeBack(owner: "order/1", parts: parts, disposition, cause: cause, author: "t")
        }
    }

    @Test func `an order leaves in parcels, never more than was bought, each parcel once`() async throws {
        let world = try await bought()
        _ = try await ship(world, 3, cause: "parcel/1")
        #expect(try await ship(world, 3, cause: "parcel/1") == .known)
        #expect(try await ship(world, 2, cause: "parcel/2") == .short(StockShortfall(account: .sold, wanted: 2, there: 1)))
        _ = try await ship(world, 1, cause: "parcel/2")
        let balance = try await world.balance()
        #expect((balance.pool, balance.sold, balance.onHand) == (6, 0, 6))
        #expect(try await world.amiss() == [])
    }

    @Test func `what was cancelled before it left is on sale again, once, and cannot be shipped`() async throws {
        let world = try await bought()
        for _ in 1...2 { _ = try await unsell(world, 3, cause: "cancel/1") }
        #expect(try await world.balance().pool == 9)
        #expect(try await ship(world, 2, cause: "parcel/1") == .short(StockShortfall(account: .sold, wanted: 2, there: 1)))
    }

    @Test(arguments: [(Disposition.sellable, Int64(7), Int64(0)), (.damaged, 6, 1), (.lost, 6, 0), (.supplier, 6, 0)])
    func `what comes back is worth what somebody decided, and nothing else puts it on sale`(
        disposition: Disposition, pool: Int64, damaged: Int64
    ) async throws {
        let world = try await bought()
        _ = try await ship(world, 4, cause: "parcel/1")
        for _ in 1...2 { _ = try await takeBack(world, 1, disposition, cause: "return/1") }
        let balance = try await world.balance()
        #expect((balance.pool, balance.damaged) == (pool, damaged))
        #expect(try await world.amiss() == [])
    }

    @Test func `no more comes back than has left, and a refund alone brings nothing back`() async throws {
        let world = try await bought()
        #expect(try await takeBack(world, 1, .sellable, cause: "return/0") == .short(StockShortfall(account: .outside, wanted: 1, there: 0)))
        _ = try await ship(world, 2, cause: "parcel/1")
        #expect(try await takeBack(world, 3, .sellable, cause: "return/1") == .short(StockShortfall(account: .outside, wanted: 3, there: 2)))
        _ = try await takeBack(world, 2, .sellable, cause: "return/2")
        #expect(try await takeBack(world, 1, .sellable, cause: "return/3") == .short(StockShortfall(account: .outside, wanted: 1, there: 0)))
        #expect(try await world.balance().pool == 8)
    }

    @Test func `a sold-out article that is cancelled is on sale again`() async throws {
        let world = try await bought(4, of: 4)
        #expect(try await world.available() == 0)
        _ = try await unsell(world, 4, cause: "cancel/1")
        #expect(try await world.available() == 4)
    }

    @Test func `one parcel with two lines leaves as a whole or not at all`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), 1, cause: "po-1")
        try await world.move(.receive(5), 2, cause: "po-2")
        #expect(try await world.reserve("order/1", [("1", 1, 2), ("2", 2, 2)]).isHeld)
        #expect(try await world.claim("order/1").isDone)
        let (much, right, cause) = (try demand([("1", 1, 2), ("2", 2, 3)]), try demand([("1", 1, 2), ("2", 2, 2)]), try StockCause("parcel/1"))
        func ship(_ parts: StockDemand) async throws -> StockOutcome {
            try await world.store.write { writing throws(StoreError) in
                try writing.ship(owner: "order/1", parts: parts, cause: cause, author: "t")
            }
        }
        guard case .short = try await ship(much) else { Issue.record("too much left"); return }
        #expect(try await world.balance(1).sold == 2)
        #expect(try await ship(right) == .done([StockStep(.sold, .outside, 2), StockStep(.sold, .outside, 2)]))
        #expect(try await world.amiss() == [])
    }
}
