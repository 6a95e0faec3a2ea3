import Commerce
import Simulation

/// A generated month of one account: what happened, what its gateway lists, and what we heard of it and when.
///
/// Everything in it is legitimate until something is planted: payments seconds before midnight, word that comes late or
/// without its time, refunds in parts, on later days and under way, disputes, two currencies.
struct BilledMonth {
    /// How a gateway lists refunds.
    enum Style: CaseIterable { case onceThrough, alsoUnderWay, nameless }

    static let days = 31
    static let terms = BillTerms(fee: FeeRate(partsPerMillion: 6_000))
    static let first = CalendarDay("2026-10-01")!
    static let currencies = [Currency("CNY")!, Currency("USD")!]

    var bills: [CalendarDay: [BillLine]] = [:]
    var payments: [BookedPayment] = []
    var refunds: [BookedRefund] = []
    var attempts: Set<GatewayNumber> = []
    /// What a day's own sums are off by.
    var totalsOff: [CalendarDay: Int64] = [:]
    let style: Style
    private let random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        style = Style.allCases[Int(seed % UInt64(Style.allCases.count))]
        for number in 0..<240 { happen(number) }
        for day in 2..<Int64(BilledMonth.days) where day % 7 == 3 {
            let at = BilledMonth.first.start(offset: BilledMonth.terms.offset) + .seconds(day * 86_400 + 60)
            let amount = Money(amount: 500 + day, currency: BilledMonth.currencies[0])
            list(BillLine(kind: .dispute, transaction: "t\(day)", number: nil, reference: "dp\(day)", amount: amount, fee: 15, at: at))
            list(BillLine(kind: .other, transaction: "", number: nil, reference: "po\(day)", amount: amount, fee: 0, at: at))
        }
    }

    static func day(_ time: Timestamp) -> CalendarDay { terms.day(time) }
    mutating func list(_ line: BillLine) { bills[BilledMonth.day(line.at), default: []].append(line) }
    func roll(_ range: Range<Int64>) -> Int64 { range.lowerBound + Int64(random.next() % UInt64(range.upperBound - range.lowerBound)) }
    func chance(_ percent: Int64) -> Bool { roll(0..<100) < percent }

    private mutating func happen(_ number: Int) {
        let order = "20261001-o\(number)"
        let currency = BilledMonth.currencies[chance(20) ? 1 : 0]
        let amount = roll(1..<500_000)
        let start = BilledMonth.first.start(offset: BilledMonth.terms.offset)
        var second = roll(0..<Int64(BilledMonth.days - 4)) * 86_400 + roll(0..<86_400)
        if chance(15) { second = (second / 86_400 + 1) * 86_400 - roll(1..<5) }
        let at = Timestamp(milliseconds: start.milliseconds + second * 1_000 + roll(0..<1_000))
        let heard = at + .seconds(chance(20) ? roll(60..<20_000) : roll(0..<5))
        // Told without a time, it happened when it was heard.
        let told = chance(10) ? heard : at
        let attempt = GatewayNumber(order: order, part: EntityID("a1")!)
        attempts.insert(attempt)
        payments.append(
            BookedPayment(
                order: order,
                payment: Payment(
                    ref: PaymentRef(gateway: "till", transaction: "t\(number)"), attempt: chance(90) ? attempt.part : nil,
                    amount: Money(amount: amount, currency: currency)),
                at: told, bookedAt: heard))
        list(
            BillLine(
                kind: .payment, transaction: "t\(number)", number: attempt.description, amount: Money(amount: amount, currency: currency),
                fee: BilledMonth.terms.fee!.fee(of: amount), at: at))
        if chance(30) { giveBack(number, order, amount, currency, after: heard) }
    }

    /// Some of it goes back in up to three parts, at once or days later.
    private mutating func giveBack(_ number: Int, _ order: String, _ amount: Int64, _ currency: Currency, after: Timestamp) {
        var left = amount
        var time = after
        for part in 1...Int(roll(1..<4)) where left > 0 {
            let sum = part == 3 ? left : roll(1..<left + 1)
            left -= sum
            let opened = time + .seconds(chance(50) ? roll(1..<600) : roll(600..<200_000))
            let taken = opened + .seconds(roll(1..<20_000))
            let through = taken + .seconds(chance(70) ? 1 : roll(60..<150_000))
            let heard = through + .seconds(chance(70) ? 1 : roll(60..<20_000))
            time = taken
            let id = GatewayNumber(order: order, part: EntityID("r\(part)")!)
            let money = Money(amount: sum, currency: currency)
            func line(_ at: Timestamp, final: Bool) -> BillLine {
                BillLine(
                    kind: .refund, transaction: "t\(number)", number: style == .nameless ? nil : id.description,
                    reference: "re-\(number)-\(part)", amount: money, fee: -(sum / 200), at: at, isFinal: final)
            }
            if style == .alsoUnderWay, BilledMonth.day(taken) != BilledMonth.day(through) { list(line(taken, final: false)) }
            list(line(through, final: true))
            refunds.append(
                BookedRefund(
                    number: id, transaction: "t\(number)", amount: money, openedAt: opened,
                    settled: BookedRefund.Settled(at: chance(50) ? through : heard, bookedAt: heard)))
        }
    }

    /// The bill of a day, with its own sums.
    func bill(_ day: CalendarDay) -> Bill {
        let lines = bills[day] ?? []
        var totals: [BillTotal] = []
        for currency in BilledMonth.currencies {
            let paid = lines.filter { $0.kind == .payment && $0.amount.currency == currency }
            let sum = paid.reduce(0) { $0 + $1.amount.amount } + (currency == .yuan ? totalsOff[day] ?? 0 : 0)
            totals.append(BillTotal(kind: .payment, count: Int64(paid.count), amount: Money(amount: sum, currency: currency)))
        }
        return Bill(lines: lines, totals: totals)
    }

    /// What comparing a day comes to at a time, with the bills that have come by then.
    func compare(_ day: CalendarDay, at now: Timestamp, come: ClosedRange<Int>, shuffled: Bool = false) -> BillComparison {
        var bill = bill(day)
        if shuffled { bill = Bill(lines: bill.lines.shuffled(using: &shuffler.value), totals: bill.totals) }
        let known = payments.filter { $0.bookedAt <= now }
        let back: [BookedRefund] = refunds.filter { $0.openedAt <= now }.map { refund in
            let isKnown = refund.settled.map { $0.bookedAt <= now } ?? false
            return BookedRefund(
                number: refund.number, transaction: refund.transaction, amount: refund.amount, openedAt: refund.openedAt,
                settled: isKnown ? refund.settled : nil)
        }
        var transactions = Set(bill.lines.map(\.transaction))
        transactions.formUnion(known.filter { BilledMonth.day($0.bookedAt) == day }.map(\.payment.ref.transaction))
        transactions.formUnion(back.filter { $0.settled.map { BilledMonth.day($0.bookedAt) == day } ?? false }.map(\.transaction))
        let elsewhere = bills.flatMap { other, lines in
            other == day || !come.contains(other.number)
                ? [] : lines.filter { $0.kind != .other && transactions.contains($0.transaction) }.map { ListedLine(other, $0) }
        }
        let days = Set(come.map { CalendarDay(number: $0) })
        return BillMatching.compare(
            BillDay(
                gateway: "till", day: day, bill: bill, elsewhere: elsewhere,
                payments: known.filter { transactions.contains($0.payment.ref.transaction) },
                refunds: back.filter { transactions.contains($0.transaction) }, attempts: attempts,
                coverage: BillCoverage(come: days, awaited: []), terms: BilledMonth.terms, now: now))
    }

    private let shuffler = Shuffler()

    private final class Shuffler { var value = SeededRandom(seed: 9) }

    static let range = (first.number - 1)...(first.number + days + 4)
    static let later = CalendarDay(number: range.upperBound).start() + .seconds(864_000)

    /// What every day comes to when all bills have come.
    func all(shuffled: Bool = false) -> [Place: BillDifference] {
        var found: [Place: BillDifference] = [:]
        for number in BilledMonth.range {
            let day = CalendarDay(number: number)
            for difference in compare(day, at: BilledMonth.later, come: BilledMonth.range, shuffled: shuffled).differences {
                found[Place(day, difference)] = difference
            }
        }
        return found
    }

    struct Place: Hashable, CustomStringConvertible {
        let day: CalendarDay
        let kind: BillDifference.Class
        let movement: BillMovement

        init(_ day: CalendarDay, _ kind: BillDifference.Class, _ movement: BillMovement) {
            self.day = day
            self.kind = kind
            self.movement = movement
        }

        init(_ day: CalendarDay, _ difference: BillDifference) { self.init(day, difference.kind, difference.movement) }

        var description: String { "\(day) \(kind.rawValue) \(movement.kind.rawValue) \(movement.transaction) \(movement.part)" }
    }
}
