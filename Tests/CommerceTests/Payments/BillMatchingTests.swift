import Commerce
import Foundation
import Simulation
import Testing

@Suite struct BillMatchingTests {
    /// Three hundred in the long round, enough for every style of gateway many times over in the quick one.
    static let months: ClosedRange<UInt64> = 1...(ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 300 : 45)

    @Test func `months with nothing wrong raise nothing`() {
        for seed in BillMatchingTests.months {
            let found = BilledMonth(seed: seed).all()
            #expect(found.isEmpty, "seed \(seed): \(found.keys.map(\.description).sorted())")
        }
    }

    @Test func `a bill compared the morning after, with no later one at hand, raises nothing`() {
        for seed in BillMatchingTests.months.prefix(60) {
            let month = BilledMonth(seed: seed)
            for number in BilledMonth.range {
                let day = CalendarDay(number: number)
                let morning = BilledMonth.terms.firstLook(at: day)
                let open = month.compare(day, at: morning, come: BilledMonth.range.lowerBound...number).differences.filter { !$0.isPending }
                #expect(open.isEmpty, "seed \(seed): \(open.map { BilledMonth.Place(day, $0).description })")
            }
        }
    }

    @Test func `a mistake of every class is found where it was made, and nothing else is`() {
        var classes: Set<BillDifference.Class> = []
        for seed in BillMatchingTests.months {
            var month = BilledMonth(seed: seed)
            let planted = month.plantAll()
            let found = month.all()
            let missed = planted.subtracting(found.keys).map(\.description).sorted()
            let invented = Set(found.keys).subtracting(planted).map(\.description).sorted()
            #expect(missed.isEmpty && invented.isEmpty, "seed \(seed): missed \(missed), invented \(invented)")
            #expect(found.values.allSatisfy { !$0.isPending })
            classes.formUnion(planted.map(\.kind))
        }
        #expect(classes == Set(BillDifference.Class.allCases))
    }

    @Test func `what is booked near midnight is pending until the next day's bill has come`() {
        var month = BilledMonth(seed: 4)
        let payment = month.payments.first { payment in !month.refunds.contains { $0.transaction == payment.payment.ref.transaction } }!
        for day in month.bills.keys { month.bills[day]!.removeAll { $0.kind == .payment && $0.transaction == payment.payment.ref.transaction } }
        let day = BilledMonth.day(payment.bookedAt)
        func found(_ last: CalendarDay) -> [Bool] {
            month.compare(day, at: BilledMonth.later, come: BilledMonth.first.number - 1...last.number).differences
                .filter { $0.kind == .missingThere }.map(\.isPending)
        }
        #expect(found(day) == [true])
        #expect(found(CalendarDay(number: day.number + 2)) == [false])
    }

    @Test func `the order of lines never matters`() {
        for seed in UInt64(1)...15 {
            var month = BilledMonth(seed: seed)
            _ = month.plantAll()
            #expect(month.all() == month.all(shuffled: true), "seed \(seed)")
            let day = CalendarDay(number: BilledMonth.first.number + 9)
            let bill = month.bill(day)
            #expect(Bill(lines: bill.lines.reversed(), totals: bill.totals.reversed()).canonical == bill.canonical)
        }
    }

    @Test func `a line that is listed again is a duplicate, whichever it is`() {
        for seed in UInt64(1)...3 {
            let month = BilledMonth(seed: seed)
            for (day, lines) in month.bills {
                for line in lines {
                    var other = month
                    other.bills[day]!.append(line)
                    let found = other.compare(day, at: BilledMonth.later, come: BilledMonth.range).differences
                    #expect(found.map { BilledMonth.Place(day, $0) } == [BilledMonth.Place(day, .duplicate, line.movement)], "seed \(seed)")
                }
            }
        }
    }

    @Test func `what is looked up grows with the day and with nothing else`() {
        func looks(_ count: Int) -> Int {
            let day = BilledMonth.first
            let at = day.start(offset: BilledMonth.terms.offset) + .seconds(60)
            let money = Money(amount: 100, currency: .yuan)
            let lines = (0..<count).map { BillLine(kind: .payment, transaction: "t\($0)", number: "o\($0)-a1", amount: money, fee: 1, at: at) }
            let payments = (0..<count).map {
                BookedPayment(
                    order: "o\($0)", payment: Payment(ref: PaymentRef(gateway: "till", transaction: "t\($0)"), amount: money), at: at,
                    bookedAt: at)
            }
            let comparison = BillMatching.compare(
                BillDay(
                    gateway: "till", day: day, bill: Bill(lines: lines), payments: payments,
                    coverage: BillCoverage(come: [day], awaited: []), terms: BillTerms(fee: FeeRate(partsPerMillion: 6_000)),
                    now: BilledMonth.later))
            #expect(comparison.differences.isEmpty)
            #expect(comparison.sums.map(\.matchedCount) == [Int64(count)])
            return comparison.looks
        }
        #expect(looks(100_000) == 100 * looks(1_000))
    }

    @Test func `equal refunds without numbers are told apart by no more than how many are through`() {
        let day = BilledMonth.first
        let at = day.start(offset: BilledMonth.terms.offset) + .seconds(3_600)
        let money = Money(amount: 50, currency: .yuan)
        func refund(_ id: String, opened: Int64, settled: Bool) -> BookedRefund {
            let time = at + .seconds(60)
            return BookedRefund(
                number: GatewayNumber(order: "o1", part: EntityID(id)!), transaction: "t1", amount: money, openedAt: at + .seconds(opened),
                settled: settled ? BookedRefund.Settled(at: time, bookedAt: time) : nil)
        }
        let line = BillLine(kind: .refund, transaction: "t1", number: nil, reference: "re1", amount: money, fee: 0, at: at + .seconds(50))
        func found(_ lines: [BillLine], _ refunds: [BookedRefund]) -> [BillDifference.Class] {
            BillMatching.compare(
                BillDay(
                    gateway: "till", day: day, bill: Bill(lines: lines), refunds: refunds,
                    coverage: BillCoverage(come: Set(BilledMonth.range.map { CalendarDay(number: $0) }), awaited: []),
                    terms: BilledMonth.terms, now: BilledMonth.later)
            ).differences.map(\.kind)
        }
        // The one opened later is through first.
        #expect(found([line], [refund("r1", opened: 1, settled: false), refund("r2", opened: 2, settled: true)]) == [])
        #expect(found([line], [refund("r1", opened: 1, settled: false)]) == [.state])
        #expect(found([line], [refund("r1", opened: 1, settled: true), refund("r2", opened: 2, settled: true)]) == [.missingThere])
    }

    static let fees: [(Int64, Int64)] = [(100, 1), (83, 0), (84, 1), (250, 2), (Money.amountMax, 54_043_195_528_446), (0, 0)]

    @Test(arguments: BillMatchingTests.fees)
    func `a fee is rounded to the nearest unit, halves up`(amount: Int64, fee: Int64) {
        #expect(FeeRate(partsPerMillion: 6_000).fee(of: amount) == fee)
    }

    @Test func `amounts no sum has room for stop at the greatest and trap nothing`() {
        let money = Money(amount: .max, currency: .yuan)
        let at = BilledMonth.first.start()
        let lines = (0..<3).map { BillLine(kind: .payment, transaction: "t\($0)", number: nil, amount: money, fee: .min, at: at) }
        let bill = Bill(lines: lines, totals: [BillTotal(kind: .payment, count: 3, amount: Money(amount: .min, currency: .yuan))])
        let comparison = BillMatching.compare(
            BillDay(
                gateway: "till", day: BilledMonth.first, bill: bill, coverage: BillCoverage(come: [BilledMonth.first], awaited: []),
                terms: BilledMonth.terms, now: BilledMonth.later))
        #expect(comparison.sums.map(\.amount) == [.max])
        #expect(comparison.differences.count == 4)
    }
}
