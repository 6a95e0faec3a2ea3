/// Compares a day's bill with what our books have, to the smallest unit.
///
/// A line is looked for in all of our books, whatever day they have it under; what we booked that day is looked for on
/// all bills that are known. So what happens around midnight, late word, and refunds of older payments need no rule of
/// their own: they are found where they are. Only what is found nowhere counts, and only once every bill that it
/// could still be on has come. The order of lines never matters.
package struct BillMatching {
    let day: BillDay
    private let payments: [String: BookedPayment]
    private let refunds: [GatewayNumber: BookedRefund]
    private let elsewhere: [BillMovement: [ListedLine]]
    /// Which of our refunds a line without a number is.
    private let assigned: [BillMovement: GatewayNumber]
    private(set) var differences: [BillDifference] = []
    private var sums: [BillSum.Key: BillSum] = [:]
    private(set) var looks = 0

    package static func compare(_ day: BillDay) -> BillComparison {
        var matching = BillMatching(day)
        matching.run()
        return BillComparison(
            differences: matching.differences.sorted { $0.place < $1.place }, sums: matching.sums.values.sorted { $0.key < $1.key },
            looks: matching.looks)
    }

    private init(_ day: BillDay) {
        self.day = day
        payments = Dictionary(day.payments.map { ($0.payment.ref.transaction, $0) }) { first, _ in first }
        refunds = Dictionary(day.refunds.map { ($0.number, $0) }) { first, _ in first }
        elsewhere = Dictionary(grouping: day.elsewhere) { $0.line.movement }
        assigned = RefundAssignment(day).numbers
    }

    private mutating func run() {
        for sum in day.bill.sums { sums[sum.key] = sum }
        let groups = Dictionary(grouping: day.bill.lines) { $0.movement }
        for (movement, lines) in groups {
            looks += lines.count
            judge(movement, lines)
        }
        lookForOurs(Set(groups.keys))
        judgeTotals()
    }

    private mutating func judge(_ movement: BillMovement, _ lines: [BillLine]) {
        looks += 2
        let (final, underWay) = (lines.filter(\.isFinal), lines.filter { !$0.isFinal })
        for copies in [final, underWay] where copies.count > 1 { note(copies, of: movement, on: day.day) }
        let others = (elsewhere[movement] ?? []).filter(\.line.isFinal)
        guard let line = chosen(final) ?? chosen(underWay) else { return }
        if line.isFinal, let earlier = others.filter({ $0.day < day.day }).min(by: { $0.day < $1.day }) {
            // It is compared where it was listed first.
            return note([earlier.line, line], of: movement, on: earlier.day)
        }
        // Under way here and over on another day's bill: that one says how it ended.
        if !line.isFinal, !others.isEmpty { return }
        let before = differences.count
        switch movement.kind {
        case .payment: judgePayment(line)
        case .refund: judgeRefund(line)
        // A payer's dispute and the gateway's own movements are no business of an order.
        case .dispute, .other: break
        }
        if differences.count == before, line.isFinal { sums[line.sumKey]?.match(line) }
    }

    /// Of several that should be one, the one our books have; else the same whatever their order.
    private func chosen(_ lines: [BillLine]) -> BillLine? {
        guard lines.count > 1 else { return lines.first }
        let sorted = lines.map { (text: $0.json.text, line: $0) }.sorted { ByteOrder.precedes($0.text, $1.text) }.map(\.line)
        return sorted.first { $0.amount == refund($0)?.amount || $0.amount == payments[$0.transaction]?.payment.amount } ?? sorted.first
    }

    private mutating func note(_ copies: [BillLine], of movement: BillMovement, on day: CalendarDay) {
        let texts = copies.map(\.json).map { (text: $0.text, value: $0) }.sorted { ByteOrder.precedes($0.text, $1.text) }
        let extra = copies.dropFirst().reduce(0) { BillSum.sum($0, $1.amount.amount) }
        let words = day == self.day.day ? "listed \(copies.count) times" : "listed on the bill of \(day) already"
        add(
            .duplicate, movement, order: order(of: copies[0]), amount: Money(amount: extra, currency: copies[0].amount.currency),
            here: .null, there: .array(texts.map(\.value)), .person("the bill has it twice: \(words); ask the gateway whether it moved twice"))
    }

    func refund(_ line: BillLine) -> BookedRefund? {
        guard line.kind == .refund else { return nil }
        if let text = line.number { return GatewayNumber(text).flatMap { refunds[$0] } }
        return assigned[line.movement].flatMap { refunds[$0] }
    }

    func payment(_ transaction: String) -> BookedPayment? { payments[transaction] }

    private func order(of line: BillLine) -> String? {
        refund(line)?.number.order ?? payments[line.transaction]?.order ?? line.number.flatMap { GatewayNumber($0)?.order }
    }

    /// Whether our word of it may still be on its way.
    func isFresh(_ line: BillLine) -> Bool { line.at + day.terms.patience > day.now }

    mutating func add(
        _ kind: BillDifference.Class, _ movement: BillMovement, order: String?, amount: Money?, here: JSON, there: JSON,
        _ repair: BillRepair, isPending: Bool = false
    ) {
        differences.append(
            BillDifference(
                kind, movement, order: order, amount: amount, here: here, there: there, repair: repair, isPending: isPending))
    }

    private mutating func lookForOurs(_ listed: Set<BillMovement>) {
        for payment in day.payments where day.contains(payment.bookedAt) {
            looks += 1
            let movement = BillMovement(.payment, payment.payment.ref.transaction)
            guard !listed.contains(movement), elsewhere[movement] == nil else { continue }
            missThere(payment, movement)
        }
        let named = day.refunds.filter { $0.settled.map { day.contains($0.bookedAt) } ?? false }
        guard !named.isEmpty else { return }
        var numbers = Set(assigned.values)
        for line in day.bill.lines + day.elsewhere.map(\.line) where line.kind == .refund {
            if let number = line.number.flatMap({ GatewayNumber($0) }) { numbers.insert(number) }
        }
        for refund in named {
            looks += 1
            guard let settled = refund.settled, !numbers.contains(refund.number) else { continue }
            missThere(refund, settled)
        }
    }
}

extension BillDifference {
    /// Where it stands among others, whatever the order of lines was.
    fileprivate var place: [String] { [kind.rawValue, movement.kind.rawValue, movement.transaction, movement.part] }
}

extension [String] {
    fileprivate static func < (left: [String], right: [String]) -> Bool {
        for (one, other) in zip(left, right) where !one.hasSameBytes(as: other) { return ByteOrder.precedes(one, other) }
        return left.count < right.count
    }
}
