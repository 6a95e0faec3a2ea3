/// Tells which of our refunds the lines are that name none.
///
/// Some gateways give only their own number. Then the lines of a payment and our refunds of it are taken in the order
/// of time, each line the first refund of its amount; all days' lines are at hand, so that every day comes to the same.
struct RefundAssignment {
    private(set) var numbers: [BillMovement: GatewayNumber] = [:]

    init(_ day: BillDay) {
        let all = day.bill.lines + day.elsewhere.map(\.line)
        let nameless = all.filter { $0.kind == .refund && $0.number == nil }
        guard !nameless.isEmpty else { return }
        var taken: Set<GatewayNumber> = []
        for line in all where line.kind == .refund {
            if let number = line.number.flatMap({ GatewayNumber($0) }) { taken.insert(number) }
        }
        let refunds = Dictionary(grouping: day.refunds) { $0.transaction }
        for (transaction, lines) in Dictionary(grouping: nameless, by: \.transaction) {
            assign(lines, (refunds[transaction] ?? []).filter { !taken.contains($0.number) })
        }
    }

    /// Equal amounts cannot be told apart, so what is through is taken for what is settled as far as that goes.
    private mutating func assign(_ lines: [BillLine], _ refunds: [BookedRefund]) {
        var free: [Money: [BookedRefund]] = Dictionary(grouping: refunds.sorted { $1.precedes($0) }, by: \.amount)
        var first: [BillMovement: BillLine] = [:]
        for line in lines {
            if let held = first[line.movement], !line.precedes(held) { continue }
            first[line.movement] = line
        }
        for (movement, line) in first.sorted(by: { $0.value.precedes($1.value) }) {
            if let refund = free[line.amount]?.popLast() { numbers[movement] = refund.number }
        }
    }
}

extension BookedRefund {
    fileprivate func precedes(_ other: BookedRefund) -> Bool {
        let (ours, theirs) = (settled?.at.milliseconds ?? .max, other.settled?.at.milliseconds ?? .max)
        return (ours, openedAt, number.description) < (theirs, other.openedAt, other.number.description)
    }
}

extension BillLine {
    fileprivate func precedes(_ other: BillLine) -> Bool {
        if isFinal != other.isFinal { return isFinal }
        return at == other.at ? json.text < other.json.text : at < other.at
    }
}
