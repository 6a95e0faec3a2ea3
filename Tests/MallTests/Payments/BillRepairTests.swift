import ChannelAdapters
import Commerce
import Foundation
import Mall
import Store
import TestKit
import Testing

@Suite struct BillRepairTests {
    @Test func `a payment nobody told us of is shown first, then learnt from the gateway by the bill`() async throws {
        let house = try await BillHouse()
        let (known, lost) = (try await house.paid("1-a"), try await house.paid("1-b", heard: false))
        house.counter.set(BillHouse.start, .bill(Bill(lines: [known, lost])))
        house.sleep()
        try await house.clerk.work()
        let shown = try await house.report(BillHouse.start)
        #expect(shown.state == .differences)
        #expect(shown.openNames == ["missing-here t-1-b"])
        #expect(shown.open[0].difference.repair == .learnPayment(order: "1-b", attempt: EntityID("a1")!))
        #expect(try await house.state("1-b").payments.isEmpty)
        let repaired = try await house.repair(BillHouse.start)
        #expect(repaired.state == .matched)
        #expect(repaired.differences.map(\.standing) == [.repaired])
        #expect(repaired.differences[0].endedBy == "uid=0")
        let state = try await house.state("1-b")
        #expect(state.phase == .paid)
        #expect(state.timeline.filter { $0.author == Reconciler.author }.map(\.at) == [lost.at])
        // Word that comes late after all changes nothing.
        try await house.world.tell(.paid(house.payment(lost)), of: "1-b", judged: false, at: lost.at)
        #expect(try await house.repair(BillHouse.start).differences.count == 1)
        #expect(try await house.state("1-b").money?.captured == 100)
        #expect(try await house.world.amiss() == [])
    }

    @Test(arguments: [AttemptNews.open, .closed, .paid(Payment(ref: PaymentRef(gateway: "till", transaction: "other"), amount: TradeWorld.money(100)), at: Timestamp(milliseconds: 0)),
        .paid(Payment(ref: PaymentRef(gateway: "till", transaction: "t-1-a"), amount: TradeWorld.money(99)), at: Timestamp(milliseconds: 0))])
    func `a payment that the gateway tells otherwise than its bill is for a person, and no order hears of it`(news: AttemptNews) async throws {
        let house = try await BillHouse()
        house.counter.set(BillHouse.start, .bill(Bill(lines: [try await house.paid("1-a", heard: false)])))
        house.counter.set(BillHouse.number("1-a-a1"), news)
        house.sleep()
        try await house.clerk.work()
        for _ in 1...2 {
            let report = try await house.repair(BillHouse.start)
            #expect(report.openNames == ["missing-here t-1-a"])
            #expect(report.open[0].difference.repair.isForPerson)
        }
        #expect(house.counter.timesAsked == 1)
        #expect(try await house.state("1-a").payments.isEmpty)
    }

    @Test func `a gateway that does not answer leaves the repair for the next time`() async throws {
        let house = try await BillHouse()
        let line = try await house.paid("1-a", heard: false)
        house.counter.set(BillHouse.start, .bill(Bill(lines: [line])))
        house.counter.set(BillHouse.number("1-a-a1"), .unknown("busy"))
        house.sleep()
        try await house.clerk.work()
        let first = try await house.repair(BillHouse.start)
        #expect(first.open.map(\.told) == ["the gateway does not answer: busy"])
        #expect(first.open.allSatisfy { !$0.difference.repair.isForPerson })
        house.counter.set(BillHouse.number("1-a-a1"), .paid(house.payment(line), at: line.at))
        #expect(try await house.repair(BillHouse.start).state == .matched)
        #expect(try await house.state("1-a").phase == .paid)
    }

    @Test func `a refund that is through at the gateway is learnt, whatever its clerk still waits for`() async throws {
        let house = try await BillHouse()
        let payment = try await house.paid("1-a")
        let refund = try await house.refunded("1-a", "x1", 40, settled: false)
        house.counter.set(BillHouse.start, .bill(Bill(lines: [payment, refund])))
        house.sleep()
        try await house.clerk.work()
        #expect(try await house.report(BillHouse.start).openNames == ["state t-1-a"])
        #expect(try await house.repair(BillHouse.start).state == .matched)
        #expect(try await house.state("1-a").money?.refunded == 40)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a refund that is settled here and under way there is asked after, and believed when the gateway says so`() async throws {
        let house = try await BillHouse()
        let payment = try await house.paid("1-a")
        let line = try await house.refunded("1-a", "x1", 40)
        let underWay = BillLine(
            kind: .refund, transaction: line.transaction, number: line.number, reference: line.reference, amount: line.amount, fee: 0,
            at: line.at, isFinal: false)
        house.counter.set(BillHouse.start, .bill(Bill(lines: [payment, underWay])))
        house.sleep()
        try await house.clerk.work()
        house.counter.set(refund: BillHouse.number("1-a-x1"), .refused("no such refund"))
        let raised = try await house.repair(BillHouse.start)
        #expect(raised.openNames == ["state t-1-a"])
        #expect(raised.open[0].difference.repair == .person("asked again, the gateway refuses the refund that is settled here: no such refund"))
    }

    @Test func `everything else is for a person, and a second run finds only that`() async throws {
        let house = try await BillHouse(fee: FeeRate(partsPerMillion: 10_000))
        var lines: [BillLine] = []
        for name in ["a", "b", "c", "d", "e", "f"] { lines.append(try await house.paid("1-\(name)", 1_000, fee: 10)) }
        lines.append(try await house.paid("1-g", 1_000, fee: 10, heard: false))
        lines[0] = lines[0].with(amount: TradeWorld.money(1_001))
        lines[1] = lines[1].with(amount: Money(amount: 1_000, currency: Currency("USD")!))
        lines[2] = lines[2].with(fee: 11)
        lines[3] = lines[3].with(number: "1-c-a1")
        lines.append(lines[4])
        let unlisted = lines.remove(at: 5)
        lines.append(
            BillLine(kind: .refund, transaction: "t-1-e", number: "hand", reference: "re", amount: TradeWorld.money(5), fee: 0, at: unlisted.at))
        let totals = [BillTotal(kind: .payment, count: 1, amount: TradeWorld.money(1))]
        house.counter.set(BillHouse.start, .bill(Bill(lines: lines, totals: totals)))
        let expected = [
            "amount t-1-a", "currency t-1-b", "duplicate t-1-e", "fee t-1-c", "missing-here t-1-e", "missing-here t-1-g", "missing-there t-1-f",
            "other-order t-1-d", "totals ",
        ]
        for _ in 1...2 { house.sleep(); try await house.clerk.work(); house.wait(.seconds(50_400)) }
        #expect(try await house.report(BillHouse.start).openNames == expected)
        let repaired = try await house.repair(BillHouse.start)
        #expect(repaired.openNames == expected.filter { $0 != "missing-here t-1-g" })
        let again = try await house.repair(BillHouse.start)
        #expect(again.open.map(\.difference.repair.isForPerson).allSatisfy { $0 })
        #expect(again.differences == repaired.differences)
        for stored in again.open { try await house.reconciler.explain(stored.number, by: "uid=0", reason: "looked at") }
        #expect(try await house.preview(BillHouse.start).state == .matched)
        #expect(try await house.report(BillHouse.start).json["open"] == [:])
        #expect(try await house.world.amiss() == [])
    }

    @Test func `what was explained is open again when one side says something else`() async throws {
        let house = try await BillHouse()
        let line = try await house.paid("1-a")
        house.counter.set(BillHouse.start, .bill(Bill(lines: [line.with(amount: TradeWorld.money(101))])))
        house.sleep()
        try await house.clerk.work()
        let number = try await house.report(BillHouse.start).open[0].number
        await #expect(throws: StoreError.self) { try await house.reconciler.explain(number, by: "uid=0", reason: " ") }
        try await house.reconciler.explain(number, by: "uid=0", reason: "a tip")
        #expect(try await house.preview(BillHouse.start).differences.map(\.standing) == [.explained])
        house.counter.set(BillHouse.start, .bill(Bill(lines: [line.with(amount: TradeWorld.money(102))])))
        #expect(try await house.preview(BillHouse.start).openNames == ["amount t-1-a"])
        house.counter.set(BillHouse.start, .bill(Bill(lines: [line])))
        let healed = try await house.preview(BillHouse.start)
        #expect(healed.state == .matched)
        #expect(healed.differences.map(\.endedBy) == ["itself"])
    }

    @Test func `a run that is stopped after any of its writes and begun again ends as one that was not`() async throws {
        func story(stopAfter limit: Int?) async throws -> (report: JSON, writes: Int) {
            let house = try await BillHouse()
            var lines = [try await house.paid("1-a"), try await house.paid("1-b", heard: false), try await house.paid("1-c", heard: false)]
            lines.append(try await house.refunded("1-a", "x1", 40, settled: false))
            let unlisted = try await house.paid("1-d")
            _ = unlisted
            house.counter.set(BillHouse.start, .bill(Bill(lines: lines)))
            house.counter.set(BillHouse.number("1-c-a1"), .closed)
            house.sleep()
            house.wait(.seconds(86_400))
            let writes = Writes(limit)
            house.store.onGroupCommit { _ in writes.count() }
            func run() async throws {
                try await house.clerk.work()
                _ = try await house.repair(BillHouse.start)
            }
            let task = Task {
                if limit == 0 { withUnsafeCurrentTask { $0?.cancel() } }
                try await run()
            }
            do { try await task.value } catch StoreError.closed { #expect(limit != nil) }
            writes.rest()
            let needed = writes.counted
            if limit != nil { try await run() }
            #expect(try await house.world.amiss() == [])
            #expect(try await house.state("1-a").money?.refunded == 40)
            #expect(try await house.state("1-b").money?.captured == 100)
            return (try await house.report(BillHouse.start).json, needed)
        }
        let whole = try await story(stopAfter: nil)
        #expect(whole.writes > 8)
        for limit in 0..<whole.writes {
            let cut = try await story(stopAfter: limit)
            #expect(cut.report == whole.report, "stopped after \(limit) of \(whole.writes)")
        }
    }
}

/// Counts commits, and stops a run after so many.
private final class Writes: @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var seen = 0
    private var isResting = false
    private let limit: Int?

    init(_ limit: Int?) { self.limit = limit }

    var counted: Int { lock.withLock { seen } }
    func rest() { lock.withLock { isResting = true } }

    func count() {
        lock.withLock {
            guard !isResting else { return }
            seen += 1
            // In memory a write runs in the task that asked for it.
            if let limit, seen >= limit { withUnsafeCurrentTask { $0?.cancel() } }
        }
    }
}

extension BillLine {
    func with(amount: Money? = nil, fee: Int64? = nil, number: String? = nil) -> BillLine {
        BillLine(
            kind: kind, transaction: transaction, number: number ?? self.number, reference: reference, amount: amount ?? self.amount,
            fee: fee ?? self.fee, at: at, isFinal: isFinal)
    }
}
