import Commerce
import Store
import TestKit
import Testing

@Suite struct SaleTests {
    private func grant(_ world: StockWorld, _ quantity: Int64, cause: String) async throws -> StockOutcome {
        let cause = try StockCause(cause)
        return try await world.store.write { writing throws(StoreError) in
            try writing.grant(quantity, of: sku(1), to: StockWorld.web, cause: cause, author: "t")
        }
    }

    private func withdraw(_ world: StockWorld, _ quantity: Int64, cause: String) async throws -> StockOutcome {
        let cause = try StockCause(cause)
        return try await world.store.write { writing throws(StoreError) in
            try writing.withdraw(quantity, of: sku(1), from: StockWorld.web, cause: cause)
        }
    }

    private func confirm(_ world: StockWorld, cause: String) async throws -> StockOutcome {
        let cause = try StockCause(cause)
        return try await world.store.write { writing throws(StoreError) in
            try writing.confirmWithdrawal(of: sku(1), from: StockWorld.web, cause: cause, author: "t")
        }
    }

    private func world(_ granted: Int64 = 5) async throws -> StockWorld {
        let world = try await StockWorld()
        try await world.move(.receive(10), cause: "po-1")
        if granted > 0 { #expect(try await grant(world, granted, cause: "grant-1") != .known) }
        return world
    }

    @Test func `what a channel may sell on its own is nobody else's from the moment it may`() async throws {
        let world = try await world(6)
        #expect(try await world.available() == 4)
        #expect(try await grant(world, 6, cause: "grant-1") == .known)
        #expect(try await grant(world, 5, cause: "grant-2") == .short(StockShortfall(account: .pool, wanted: 5, there: 4)))
    }

    @Test func `the pool gets a right back when the channel has confirmed, and not before`() async throws {
        let world = try await world()
        for _ in 1...2 { _ = try await withdraw(world, 3, cause: "less-1") }
        #expect(try await world.available() == 5)
        let right = try await world.store.read { reading throws(StoreError) in try reading.stockRights(sku: sku(1)) }
        #expect(right.map(\.published) == [2])
        await #expect(throws: StoreError.self) { try await withdraw(world, 1, cause: "less-2") }
        #expect(try await confirm(world, cause: "less-1") == .done([StockStep(.right(StockWorld.web), .pool, 3)]))
        #expect(try await confirm(world, cause: "less-1") == .known)
        #expect(try await withdraw(world, 3, cause: "less-1") == .known)
        #expect(try await world.available() == 8)
        #expect(try await world.amiss() == [])
    }

    @Test func `what a channel sold before it confirmed less is not given to the pool as well`() async throws {
        let world = try await world()
        _ = try await withdraw(world, 4, cause: "less-1")
        try await world.sell("web/1", [("1", 1, 3)])
        #expect(try await confirm(world, cause: "less-1") == .done([StockStep(.right(StockWorld.web), .pool, 2)]))
        let balance = try await world.balance()
        #expect((balance.pool, balance.rightsTotal, balance.sold) == (7, 0, 3))
    }

    @Test func `a withdrawal the channel refuses leaves it what it may sell`() async throws {
        let world = try await world()
        _ = try await withdraw(world, 4, cause: "less-1")
        let cause = try StockCause("less-1")
        _ = try await world.store.write { writing throws(StoreError) in
            try writing.endWithdrawal(of: sku(1), from: StockWorld.web, cause: cause)
        }
        await #expect(throws: StoreError.self) { try await confirm(world, cause: "less-1") }
        #expect(try await world.balance().rightsTotal == 5)
    }

    @Test func `a channel that is dark for a day keeps its right and nothing else`() async throws {
        let world = try await world()
        world.time.advance(by: .seconds(86_400))
        #expect(try await world.reserve("order/1", [("1", 1, 6)]).shortages.first?.available == 5)
        #expect(try await world.sell("web/1", [("1", 1, 5)]) != .known([]))
        #expect(try await world.balance().backordered == 0)
    }

    @Test func `a sale counts once by its order, however often the channel tells it`() async throws {
        let world = try await world()
        guard case .sold(let holds, let breaches) = try await world.sell("web/1", [("1", 1, 2)]) else {
            Issue.record("not sold")
            return
        }
        #expect(breaches == [])
        for _ in 1...3 { #expect(try await world.sell("web/1", [("1", 1, 2)]) == .known(holds)) }
        #expect(try await world.balance().rightsTotal == 3)
        await #expect(throws: StoreError.self) { try await world.sell("web/1", [("1", 1, 3)]) }
    }

    @Test func `a channel that sells beyond its right is covered from safety, then the pool, then owed, and told`() async throws {
        let world = try await world()
        try await world.move(.protect(2), cause: "safety-1")
        guard case .sold(_, let breaches) = try await world.sell("web/1", [("1", 1, 12)]) else {
            Issue.record("not sold")
            return
        }
        #expect(breaches.map { "\($0.quantity) \($0.owed)" } == ["7 2"])
        let balance = try await world.balance()
        #expect((balance.pool, balance.safety, balance.rightsTotal, balance.sold, balance.backordered) == (0, 0, 0, 12, 2))
        let notices = try await world.store.read { reading throws(StoreError) in try reading.stockNotices(open: true, limit: 10) }
        #expect(notices.map { "\($0.kind) \($0.quantity) \($0.owed) \($0.channel?.text ?? "-")" } == ["breach 7 2 web"])
        #expect(try await world.amiss() == [])
    }

    @Test func `a channel that shares the pool takes from it, and goods held too long are there for it`() async throws {
        let world = try await world(0)
        #expect(try await world.reserve("order/1", [("1", 1, 10)], minutes: 1).isHeld)
        world.time.advance(by: .seconds(60))
        guard case .sold(_, let breaches) = try await world.sell("web/1", [("1", 1, 4)]) else {
            Issue.record("not sold")
            return
        }
        #expect(breaches == [])
        let balance = try await world.balance()
        #expect((balance.pool, balance.reserved, balance.sold) == (6, 0, 4))
    }
}
