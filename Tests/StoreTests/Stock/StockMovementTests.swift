import Commerce
import Store
import TestKit
import Testing

@Suite struct StockMovementTests {
    @Test func `a delivery that is told twice is received once`() async throws {
        let world = try await StockWorld()
        for expected in [StockOutcome.done([StockStep(.outside, .pool, 5)]), .known, .known] {
            #expect(try await world.move(.receive(5), cause: "po-1") == expected)
        }
        #expect(try await world.balance().pool == 5)
        await #expect(throws: StoreError.self) { try await world.move(.receive(6), cause: "po-1") }
        await #expect(throws: StoreError.self) { try await world.move(.receive(5), 2, cause: "po-1") }
        await #expect(throws: StoreError.self) { try await world.move(.damage(5), cause: "po-1") }
    }

    @Test func `a count that found the book right changes nothing when it is told again a week later`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        #expect(try await world.move(.count(5), cause: "count-1") == .done([]))
        try await world.move(.damage(2), cause: "fall-1")
        #expect(try await world.move(.count(5), cause: "count-1") == .known)
        #expect(try await world.balance().onHand == 3)
    }

    @Test func `a count of too few takes the pool and safety first, then leaves a debt and tells a person`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        try await world.move(.protect(1), cause: "safety-1")
        #expect(try await world.reserve("order/1", [("1", 1, 4)]).isHeld)
        try await world.move(.count(2), cause: "count-1")
        let balance = try await world.balance()
        #expect((balance.safety, balance.backordered, balance.onHand) == (0, 2, 2))
        let notices = try await world.store.read { reading throws(StoreError) in try reading.stockNotices(open: true, limit: 10) }
        #expect(notices.map(\.owed) == [2])
        #expect(notices.first?.kind == .shortage)
        #expect(try await !world.reserve("order/2", [("1", 1, 1)]).isHeld)
        for expected in [true, false] {
            #expect(try await world.store.write { writing throws(StoreError) in
                try writing.settleNotice(notices[0].number, by: "op")
            } == expected)
        }
    }

    @Test func `goods between two warehouses are in neither pool until they arrive, and what is lost is gone`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(10), cause: "po-1")
        try await world.move(.dispatch(6, to: StockWorld.north), cause: "truck-1")
        #expect(try await world.available() == 4)
        #expect(try await world.move(.dispatch(6, to: StockWorld.north), cause: "truck-1") == .known)
        try await world.move(.arrive(4), at: StockWorld.north, cause: "truck-1/arrived")
        try await world.move(.lose(2), at: StockWorld.north, cause: "truck-1/lost")
        #expect(try await world.balance(at: StockWorld.north).pool == 4)
        #expect(try await world.balance(at: StockWorld.north).transit == 0)
        let more = try await world.move(.arrive(1), at: StockWorld.north, cause: "truck-1/more")
        #expect(more == .short(StockShortfall(account: .transit, wanted: 1, there: 0)))
        #expect(try await world.amiss() == [])
    }

    @Test func `damaged goods are not sold, mended ones are again, scrapped ones are gone`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        try await world.move(.damage(3), cause: "fall-1")
        #expect(try await world.available() == 2)
        try await world.move(.mend(1), cause: "glue-1")
        try await world.move(.scrap(2), cause: "bin-1")
        let balance = try await world.balance()
        #expect((balance.pool, balance.damaged, balance.total) == (3, 0, 3))
        #expect(try await world.move(.damage(4), cause: "fall-2") == .short(StockShortfall(account: .pool, wanted: 4, there: 3)))
    }

    @Test func `a correction without its reason is refused`() throws {
        #expect(throws: ValidationFailure.self) {
            try StockOrder(.adjust(by: -1), of: sku(1), cause: StockCause("fix-1"), author: "t")
        }
    }

    @Test func `what runs low is listed, and what is full is not`() async throws {
        let world = try await StockWorld()
        for number in 1...2 {
            try await world.move(.receive(5), number, cause: "po-\(number)")
            try await world.store.write { writing throws(StoreError) in
                try writing.setStockRule(sku(number), backorderLimit: 0, alertBelow: 4)
            }
        }
        #expect(try await world.reserve("order/1", [("1", 2, 2)]).isHeld)
        let low = try await world.store.read { reading throws(StoreError) in try reading.stockedSKUs(low: true, limit: 10) }
        #expect(low.map(\.sku) == [sku(2)])
    }

    @Test func `each movement can be read back with its cause, its author and why`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 2)]).isHeld)
        #expect(try await world.claim("order/1").isDone)
        let entries = try await world.store.read { reading throws(StoreError) in try reading.stockEntries(sku(1), limit: 10) }
        #expect(entries.map { "\($0.kind.rawValue) \($0.quantity) \($0.from) → \($0.to)" } == [
            "claim 2 reserved → sold", "hold 2 pool → reserved", "receive 5 outside → pool",
        ])
        #expect(entries.last?.author == "t")
        #expect(entries.last?.cause == "po-1")
    }

    @Test func `a closed warehouse gives and takes nothing, and what lies there can be moved away`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(3), at: StockWorld.north, cause: "po-1")
        try await world.store.write { writing throws(StoreError) in
            try writing.putWarehouse(StockWorld.north, name: "North", isClosed: true)
        }
        #expect(try await !world.reserve("order/1", [("1", 1, 1)]).isHeld)
        await #expect(throws: StoreError.self) { try await world.move(.receive(1), at: StockWorld.north, cause: "po-2") }
        #expect(try await world.move(.dispatch(3, to: .main), at: StockWorld.north, cause: "away-1") != .known)
    }
}
