import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct StockAuditTests {
    private func filled() async throws -> StockWorld {
        let world = try await StockWorld()
        try await world.move(.receive(20), cause: "po-1")
        try await world.move(.protect(2), cause: "safety-1")
        let cause = try StockCause("grant-1")
        _ = try await world.store.write { writing throws(StoreError) in
            try writing.grant(4, of: sku(1), to: StockWorld.web, cause: cause, author: "t")
        }
        try await world.sell("web/1", [("1", 1, 1)])
        #expect(try await world.reserve("order/1", [("1", 1, 3)]).isHeld)
        #expect(try await world.reserve("order/2", [("1", 1, 2)]).isHeld)
        #expect(try await world.claim("order/2").isDone)
        #expect(try await world.amiss() == [])
        return world
    }

    private func alter(_ world: StockWorld, _ sql: String) async throws {
        try await world.store.connection.writeWithoutTransaction { db in
            for trigger in ["stock_entry_stands", "stock_entry_stays"] { try db.execute(sql: "DROP TRIGGER \(trigger)") }
            try db.execute(sql: sql)
            #expect(db.changesCount > 0)
        }
    }

    private func audit(_ world: StockWorld) async throws -> [StockDifference] {
        try await world.store.read { reading throws(StoreError) in try reading.stockDifferences() }
    }

    private func repair(_ world: StockWorld, _ truth: StockTruth = .entries) async throws -> [StockDifference] {
        try await world.store.write { writing throws(StoreError) in try writing.repairStock(believing: truth, by: "op") }
    }

    @Test(arguments: [
        (StockDifference.Law.balance, "UPDATE stock SET pool = pool + 2"),
        (.balance, "UPDATE stock SET safety = 0"),
        (.balance, "UPDATE stock SET damaged = 7"),
        (.balance, "UPDATE stock SET pool = pool - 1, transit = 1"),
        (.balance, "UPDATE stock SET backordered = 1, forced = 1"),
        (.balance, "UPDATE stock_right SET granted = granted + 1"),
        (.rights, "UPDATE stock SET rights = rights + 1"),
        (.balance, "UPDATE stock_entry SET quantity = 19 WHERE num = 1"),
        (.gap, "DELETE FROM stock_entry WHERE num = 2"),
        (.holds, "UPDATE hold SET quantity = 4 WHERE owner = 'order/1'"),
        (.orders, "UPDATE hold SET shipped = 1 WHERE owner = 'order/2'"),
    ])
    func `what was altered behind the ledger's back is found and explained`(law: StockDifference.Law, sql: String) async throws {
        let world = try await filled()
        try await alter(world, sql)
        let found = try await audit(world)
        #expect(found.contains { $0.law == law }, "\(found)")
        #expect(found.allSatisfy { !$0.problem.isEmpty })
        #expect(try await !world.amiss().isEmpty)
    }

    @Test func `a balance is put right by new entries alone, which say what it had shown`() async throws {
        let world = try await filled()
        let before = try await world.balance()
        try await alter(world, "UPDATE stock SET pool = pool + 2, safety = safety - 1")
        #expect(try await repair(world).count == 2)
        #expect(try await world.balance() == before)
        #expect(try await world.amiss() == [])
        #expect(try await repair(world).isEmpty)
        let entries = try await world.store.read { reading throws(StoreError) in try reading.stockEntries(sku(1), limit: 4) }
        #expect(entries.reversed().map { "\($0.quantity) \($0.from) → \($0.to): \($0.reason ?? "-")" } == [
            "2 outside → pool: the balance showed it", "2 pool → outside: its entries did not",
            "1 safety → outside: the balance showed it", "1 outside → safety: its entries did not",
        ])
        let acts = try await world.store.read { reading throws(StoreError) in try reading.auditEntries(limit: 10) }
        #expect(acts.filter { $0.action == "stock.repair" }.count == 2)
    }

    @Test func `where entries were taken out the balances are believed, and only when somebody says so`() async throws {
        let world = try await filled()
        let before = try await world.balance()
        try await alter(world, "DELETE FROM stock_entry WHERE num = 2")
        await #expect(throws: StoreError.self) { try await repair(world) }
        #expect(try await !repair(world, .balances).isEmpty)
        #expect(try await world.balance() == before)
        // That one is missing stays to be seen.
        #expect(try await audit(world).map(\.law) == [.gap])
    }

    @Test func `an entry cannot be altered or taken out`() async throws {
        let world = try await filled()
        for sql in ["UPDATE stock_entry SET quantity = 1", "DELETE FROM stock_entry"] {
            await #expect(throws: (any Error).self) {
                try await world.store.connection.writeWithoutTransaction { db in try db.execute(sql: sql) }
            }
        }
    }

    @Test(arguments: [
        "UPDATE stock SET pool = -1", "UPDATE stock SET backordered = 1", "UPDATE stock SET reserved = 0, sold = 0, pool = 0, backordered = 7, forced = 7",
        "UPDATE stock_right SET withdrawing = 9, withdrawal = 'x'", "UPDATE hold SET shipped = 9 WHERE state = 'claimed'",
        "UPDATE hold SET shipped = 1 WHERE state = 'open'", "UPDATE hold SET returned = 1 WHERE state = 'claimed'",
        "INSERT INTO stock_entry (sku, kind, quantity, from_warehouse, from_account, to_warehouse, to_account, cause, at) SELECT sku, kind, quantity, from_warehouse, from_account, to_warehouse, to_account, cause, at FROM stock_entry WHERE num = 1",
    ])
    func `the schema itself refuses what would oversell, whatever a program asks`(sql: String) async throws {
        let world = try await filled()
        await #expect(throws: (any Error).self) {
            try await world.store.connection.writeWithoutTransaction { db in try db.execute(sql: sql) }
        }
    }

    @Test func `what there ever was stock of is not buried`() async throws {
        let world = try await filled()
        for number in 1...2 {
            try await world.store.write { writing throws(StoreError) in
                _ = try writing.apply(UnitWrite(UnitRef(sku(number), .life), ["state": "deleted"], author: "t", origin: .api))
            }
        }
        try await world.store.put("c1", 1)
        world.time.advance(by: .seconds(86_400))
        try await world.store.write { writing throws(StoreError) in
            for id in [StockWorld.web, StockWorld.app] {
                try writing.advance(try writing.reading.requireChannel(id), to: try writing.reading.newestSequence())
            }
        }
        let buried = try await world.store.write { writing throws(StoreError) in try writing.bury(olderThan: .seconds(1)) }
        #expect(buried == [sku(2)])
        #expect(try await world.amiss() == [])
    }
}
