import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct BillKeepingTests {
    private static let terms = BillTerms()
    private static let gateway = TradeWorld.gateway

    private static func world(_ units: Int64 = 100_000) async throws -> TradeWorld {
        let time = ManualTime()
        return try await TradeWorld(try Store(.memory, surroundings: .still(time: time)), time: time, units: [units])
    }

    private static func line(_ order: String, _ amount: Int64, fee: Int64 = 1, at: Timestamp) -> BillLine {
        BillLine(
            kind: .payment, transaction: "t-\(order)", number: "\(order)-a1", amount: TradeWorld.money(amount), fee: fee, at: at)
    }

    /// So many paid orders, and their bill kept and compared.
    private static func compared(_ world: TradeWorld, _ count: Int) async throws -> CalendarDay {
        var lines: [BillLine] = []
        for number in 0..<count {
            try await world.place(world.order("1-o\(number)", [(1, 1, 100)]))
            try await world.pay("1-o\(number)", 100)
            lines.append(line("1-o\(number)", 100, at: world.time.now()))
        }
        let day = terms.day(world.time.now())
        let bill = Bill(lines: lines)
        world.advance(.seconds(172_800))
        try await world.store.write { writing throws(StoreError) in
            try writing.keep(bill, of: day, at: gateway)
            try writing.compareBill(gateway, day, terms)
        }
        return day
    }

    @Test func `nothing of a bill and its settlement can be altered or taken out`() async throws {
        let world = try await BillKeepingTests.world()
        _ = try await BillKeepingTests.compared(world, 2)
        for table in ["bill", "bill_line", "settlement_entry"] {
            for sql in ["UPDATE \(table) SET rowid = rowid", "DELETE FROM \(table)"] where table != "bill_line" || sql.hasPrefix("DELETE") {
                await #expect(throws: DatabaseError.self, "\(sql)") {
                    try await world.store.connection.writeWithoutTransaction { db in try db.execute(sql: sql) }
                }
            }
        }
        await #expect(throws: DatabaseError.self) {
            try await world.store.connection.writeWithoutTransaction { db in try db.execute(sql: "UPDATE bill_line SET amount = 1") }
        }
    }

    @Test func `comparing again writes no entry and no difference twice`() async throws {
        let world = try await BillKeepingTests.world()
        let day = try await BillKeepingTests.compared(world, 3)
        func counts() async throws -> [Int?] {
            try await world.store.connection.read { db in
                try ["bill", "bill_line", "settlement_entry", "bill_difference", "bill_sum"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
            }
        }
        let before = try await counts()
        for _ in 1...3 {
            try await world.store.write { writing throws(StoreError) in
                try writing.compareBill(BillKeepingTests.gateway, day, BillKeepingTests.terms)
            }
        }
        #expect(try await counts() == before)
        #expect(before == [1, 3, 6, 0, 1])
    }

    @Test(arguments: [
        "UPDATE bill_sum SET amount = amount + 1", "UPDATE bill_sum SET count = count + 1", "DELETE FROM bill_sum",
        "DROP TRIGGER settlement_entry_stands; UPDATE settlement_entry SET amount = amount + 1 WHERE num = 1",
        "DROP TRIGGER settlement_entry_stays; DELETE FROM settlement_entry WHERE num = 1",
        "DROP TRIGGER bill_line_stands; UPDATE bill_line SET fee = 9 WHERE position = 0",
    ])
    func `what was altered behind the store's back is found by its day`(sql: String) async throws {
        let world = try await BillKeepingTests.world()
        let day = try await BillKeepingTests.compared(world, 2)
        #expect(try await world.amiss() == [])
        try await world.store.connection.writeWithoutTransaction { db in try db.execute(sql: sql) }
        let found = try await world.store.read { reading throws(StoreError) in try reading.examine() }
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.rule == .bills && $0.subject == "bill till \(day)" })
    }

    @Test func `statements grow with the lines of a day and with nothing else`() async throws {
        func statements(_ count: Int) async throws -> Int {
            let world = try await BillKeepingTests.world()
            let day = try await BillKeepingTests.compared(world, count)
            let counter = Counter()
            try await world.store.connection.writeWithoutTransaction { db in db.trace { _ in counter.add() } }
            try await world.store.write { writing throws(StoreError) in
                try writing.compareBill(BillKeepingTests.gateway, day, BillKeepingTests.terms)
            }
            try await world.store.connection.writeWithoutTransaction { db in db.trace(nil) }
            let report = try await world.store.read { reading throws(StoreError) in try reading.billReport(BillKeepingTests.gateway, day) }
            #expect(report?.sums.map(\.matchedCount) == [Int64(count)])
            return counter.count
        }
        let (few, some, many) = (try await statements(50), try await statements(100), try await statements(500))
        // Fifty more lines cost the same, wherever they are.
        #expect(many - some == 8 * (some - few))
        #expect(some - few <= 50 * 8)
    }

    @Test func `a late day has those compared again that it may explain`() async throws {
        let world = try await BillKeepingTests.world()
        let day = try await BillKeepingTests.compared(world, 1)
        let line = BillKeepingTests.line("1-o0", 100, at: world.time.now())
        func uncompared() async throws -> [Int] {
            let now = world.time.now()
            return try await world.store.read { reading throws(StoreError) in
                try reading.billDaysToCompare(BillKeepingTests.gateway, at: now).map { $0.day.number - day.number }
            }
        }
        #expect(try await uncompared() == [])
        try await world.store.write { writing throws(StoreError) in
            try writing.keep(Bill(lines: []), of: CalendarDay(number: day.number + 4), at: BillKeepingTests.gateway)
        }
        #expect(try await uncompared() == [4])
        try await world.store.write { writing throws(StoreError) in
            try writing.keep(Bill(lines: [line]), of: CalendarDay(number: day.number + 6), at: BillKeepingTests.gateway)
        }
        #expect(try await uncompared() == [0, 4, 6])
    }

    private final class Counter: @unchecked Sendable {
        // Unchecked because it is only touched on the store's one connection.
        private(set) var count = 0
        func add() { count += 1 }
    }
}
