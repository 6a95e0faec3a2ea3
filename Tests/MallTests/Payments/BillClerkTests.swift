import ChannelAdapters
import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct BillClerkTests {
    @Test func `days are looked for from the first payment on, each from the gateway's hour`() async throws {
        let house = try await BillHouse()
        try await house.clerk.work()
        let none = try await house.store.read { reading throws(StoreError) in try reading.billDays(TradeWorld.gateway, limit: 9) }
        #expect(none.isEmpty)
        house.counter.set(BillHouse.start, .bill(Bill(lines: [try await house.paid("1-a")])))
        house.wait(house.terms.firstLook(at: BillHouse.start) - house.world.time.now() + .milliseconds(-1))
        #expect(try await house.clerk.work() == 0)
        house.wait(.milliseconds(1))
        try await house.clerk.work()
        #expect(try await house.report(BillHouse.start).state == .matched)
        #expect(try await house.clerk.work() == 0)
        for _ in 1...3 { house.wait(.seconds(86_400)); try await house.clerk.work() }
        let days = try await house.store.read { reading throws(StoreError) in try reading.billDays(TradeWorld.gateway, limit: 9) }
        #expect(days.map(\.day.number) == (0...3).reversed().map { BillHouse.start.number + $0 })
        #expect(days.map(\.state) == [.empty, .empty, .empty, .matched])
    }

    @Test func `an account that nobody ever told us a payment of is looked after all the same`() async throws {
        let house = try await BillHouse()
        house.counter.set(BillHouse.start, .bill(Bill(lines: [try await house.paid("1-a", heard: false)])))
        house.sleep()
        try await house.clerk.work()
        #expect(try await house.report(BillHouse.start).openNames == ["missing-here t-1-a"])
    }

    @Test func `an account that slept for a month looks back no further than it is told to`() async throws {
        let house = try await BillHouse(lookBackDays: 5)
        try await house.paid("1-a")
        house.wait(.seconds(30 * 86_400))
        try await house.clerk.work()
        let days = try await house.store.read { reading throws(StoreError) in try reading.billDays(TradeWorld.gateway, limit: 99) }
        #expect(days.count == 5)
        #expect(days.allSatisfy { $0.state == .empty })
    }

    @Test func `a bill that is late is looked for at growing waits, and a refusal once a day`() async throws {
        let house = try await BillHouse()
        let line = try await house.paid("1-a")
        house.counter.set(BillHouse.start, .notYet("being made"))
        house.sleep()
        var waits: [Int64] = []
        for _ in 1...4 {
            try await house.clerk.work()
            let report = try await house.report(BillHouse.start)
            #expect(report.state == .notYet)
            #expect(report.told == "being made")
            let wait = try #require(report.lookAt) - house.world.time.now()
            waits.append(wait.milliseconds / 1_000)
            #expect(try await house.clerk.work() == 0)
            house.wait(wait)
        }
        #expect(waits == [600, 1_200, 2_400, 4_800])
        house.counter.set(BillHouse.start, .refused("no permission"))
        try await house.clerk.work()
        let refused = try await house.report(BillHouse.start)
        #expect(refused.state == .failed)
        #expect(try #require(refused.lookAt) - house.world.time.now() == .seconds(86_400))
        house.counter.set(BillHouse.start, .bill(Bill(lines: [line])))
        house.wait(.seconds(86_400))
        try await house.clerk.work()
        let report = try await house.report(BillHouse.start)
        #expect(report.state == .matched)
        #expect(report.tries == 0)
        #expect(report.told == nil)
        #expect(report.sums.map(\.matchedAmount) == [100])
    }

    @Test func `a bill that comes empty is doubted until the next one has come, and a better one heals it`() async throws {
        let house = try await BillHouse()
        let line = try await house.paid("1-a")
        house.sleep()
        try await house.clerk.work()
        let first = try await house.report(BillHouse.start)
        #expect(first.state == .empty)
        #expect(first.pending.count == 1)
        house.wait(.seconds(86_400))
        try await house.clerk.work()
        #expect(try await house.report(BillHouse.start).openNames == ["missing-there t-1-a"])
        house.counter.set(BillHouse.start, .bill(Bill(lines: [line])))
        house.wait(.seconds(43_200))
        try await house.clerk.work()
        let healed = try await house.report(BillHouse.start)
        #expect(healed.state == .matched)
        #expect(healed.version == 2)
        #expect(healed.differences.map(\.standing) == [.repaired])
        #expect(try await house.world.amiss() == [])
    }

    @Test func `the same bill again is no new version, and a corrected one is settled by the difference`() async throws {
        let house = try await BillHouse()
        let lines = [try await house.paid("1-a", 100, fee: 3), try await house.paid("1-b", 200, fee: 1)]
        house.counter.set(BillHouse.start, .bill(Bill(lines: lines)))
        house.sleep()
        let first = try await house.preview(BillHouse.start)
        house.counter.set(BillHouse.start, .bill(Bill(lines: lines.reversed())))
        let second = try await house.preview(BillHouse.start)
        #expect(second.version == 1)
        #expect(second.settlement == first.settlement)
        house.counter.set(BillHouse.start, .bill(Bill(lines: [lines[0].with(fee: 1), lines[1].with(fee: 2)])))
        let third = try await house.preview(BillHouse.start)
        #expect(third.version == 2)
        func balance(_ report: BillReport, _ account: SettlementAccount) -> Int64? {
            report.settlement.first { $0.account == account }?.balance.amount
        }
        #expect(balance(first, .fee) == 4)
        #expect(balance(third, .fee) == 3)
        #expect(balance(third, .captured) == 297)
        #expect(balance(third, .buyer) == -300)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a payment seconds before midnight is found on the next day's bill`() async throws {
        let house = try await BillHouse()
        let noon = try await house.paid("1-a")
        house.wait(BillHouse.start.next.start(offset: house.terms.offset) - house.world.time.now() + .seconds(-2))
        let late = try await house.paid("1-b")
        house.counter.set(BillHouse.start, .bill(Bill(lines: [noon])))
        house.counter.set(BillHouse.start.next, .bill(Bill(lines: [late])))
        house.wait(.seconds(2) + house.terms.firstLook)
        try await house.clerk.work()
        let first = try await house.report(BillHouse.start)
        #expect(first.state == .matched)
        #expect(first.pending.map(\.difference.movement.transaction) == ["t-1-b"])
        house.wait(.seconds(86_400))
        try await house.clerk.work()
        #expect(try await house.report(BillHouse.start).differences == [])
        #expect(try await house.report(BillHouse.start.next).state == .matched)
    }

    @Test func `a payment on two days' bills is a duplicate on the later one, whichever came first`() async throws {
        for isLate in [false, true] {
            let house = try await BillHouse()
            let line = try await house.paid("1-a")
            let next = BillHouse.start.next
            house.counter.set(BillHouse.start, isLate ? .notYet("wait") : .bill(Bill(lines: [line])))
            house.counter.set(next, .bill(Bill(lines: [line])))
            house.sleep()
            house.wait(.seconds(86_400))
            try await house.clerk.work()
            house.counter.set(BillHouse.start, .bill(Bill(lines: [line])))
            house.wait(.seconds(43_200))
            try await house.clerk.work()
            #expect(try await house.report(BillHouse.start).state == .matched)
            #expect(try await house.report(next).openNames == ["duplicate t-1-a"])
        }
    }

    @Test func `partial refunds over several days, disputes and word that comes late raise nothing`() async throws {
        let house = try await BillHouse()
        var lines: [CalendarDay: [BillLine]] = [:]
        lines[house.day, default: []].append(try await house.paid("1-a", 1_000))
        for number in 1...4 {
            lines[house.day, default: []].append(try await house.refunded("1-a", "x\(number)", 100))
            lines[house.day, default: []].append(
                BillLine(kind: .dispute, transaction: "t-1-a", number: nil, amount: TradeWorld.money(7), fee: 1, at: house.world.time.now()))
            house.wait(.seconds(86_400))
        }
        for (day, all) in lines { house.counter.set(day, .bill(Bill(lines: all))) }
        house.sleep()
        try await house.clerk.work()
        for number in 0...3 {
            let report = try await house.report(CalendarDay(number: BillHouse.start.number + number))
            #expect(report.differences == [], "\(report.json.text)")
            #expect(report.state == .matched)
        }
        #expect(try await house.world.amiss() == [])
    }

    @Test func `no one looks at a day that is not over, or at an account without bills`() async throws {
        let house = try await BillHouse()
        await #expect(throws: StoreError.self) { try await house.preview(house.day) }
        await #expect(throws: StoreError.notFound("an account \"hand\" with bills")) {
            try await house.reconciler.preview("hand", BillHouse.start)
        }
    }
}
