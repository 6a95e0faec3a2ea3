extension OrderState {
    /// Whether a fact may be written now.
    ///
    /// To be asked in the transaction that writes it, with the state folded from what that transaction reads: of two
    /// that come at once the second is asked about a state that holds the first. Money that came in and what a channel
    /// or a gateway did are facts whether they please or not, and are let in always.
    package func admit(_ fact: OrderFact) throws(OrderRefusal) {
        if case .placed = fact {
            guard placed == nil else { throw .alreadyPlaced }
            return
        }
        if case .paid(let payment) = fact {
            guard payment.amount.amount > 0 else { throw .amount(payment.amount.amount, wanted: "a payment is more than nothing") }
            return
        }
        if case .cancelled(let cancellation) = fact {
            try admit(cancellation)
            return
        }
        // What was done elsewhere was done.
        if fact.kind == .refundedElsewhere || fact.kind == .disputed { return }
        guard placed != nil, let money else { throw .notPlaced }
        switch fact {
        case .placed, .paid, .cancelled, .remarked, .refundedElsewhere, .disputed: break
        case .repriced(let repricing): try admit(repricing, money)
        case .paymentOpened(let attempt): try admit(attempt, money)
        case .paymentClosed(let id):
            guard attempts.contains(where: { $0.attempt.id == id }) else { throw .unknown("payment attempt \(id)") }
        case .reinstated(let number):
            if let refusal = refusal(toReinstate: number, money) { throw refusal }
        case .shipped(let parcel): try admit(parcel)
        case .delivered(let id):
            guard parcels.contains(where: { $0.parcel.id == id }) else { throw .unknown("parcel \(id)") }
        case .pickedUp:
            guard placed?.pickUp != nil else { throw .notForPickUp }
            guard phase == .paid else { throw .wrongPhase(phase, wanted: "it is handed over when it is paid") }
        case .received: try reception()
        case .completed: try completion()
        case .refundOpened(let refund): try admit(refund, money)
        case .refundSettled(let number):
            guard self.refund(number) != nil else { throw .unknown("refund \(number)") }
        case .refundRefused(let number, let attempt, _):
            guard let state = self.refund(number) else { throw .unknown("refund \(number)") }
            guard attempt == state.refusals.count + 1 else { throw .outOfTurn(next: state.refusals.count + 1) }
        case .afterSale(let id, let part): try admit(part, of: id)
        case .invoiced(_, _, let amount):
            guard amount > 0, amount <= money.total - invoiced else {
                throw .amount(amount, wanted: "\(money.total - invoiced) are left to invoice")
            }
        }
    }

    private func reception() throws(OrderRefusal) {
        if phase == .shipped { return }
        let needsParcel = lines.contains { $0.outstanding > 0 }
        guard phase == .paid, !needsParcel, placed?.pickUp == nil else {
            throw .wrongPhase(phase, wanted: "it is received when all of it was sent")
        }
    }

    private func completion() throws(OrderRefusal) {
        guard phase == .received else { throw .wrongPhase(phase, wanted: "it is completed after it was received") }
        if let open = afterSales.first(where: \.isOpen) { throw .afterSaleOpen(open.id) }
    }

    private func admit(_ parcel: Parcel) throws(OrderRefusal) {
        guard phase == .paid || phase == .partlyShipped else {
            throw .wrongPhase(phase, wanted: "goods are sent when the order is paid and before all of it has left")
        }
        guard placed?.pickUp == nil else { throw .onlyPickUp }
        guard !parcel.lines.isEmpty else { throw .unknown("goods in parcel \(parcel.id)") }
        for (line, pieces) in parcel.lines.summed {
            guard let state = self.line(line) else { throw .noSuchLine(line) }
            let there = max(0, state.outstanding - state.withheld)
            guard pieces > 0, pieces <= there else { throw .pieces(line: line, wanted: pieces, there: there) }
        }
    }
}

extension [LinePieces] {
    /// Pieces of each line, a line named twice counted together, in the order of lines.
    package var summed: [(line: Int, pieces: Int64)] {
        var sums: [Int: Int64] = [:]
        // More than there can be of anything stays more, instead of overflowing.
        for part in self { sums[part.line] = (sums[part.line] ?? 0).plus(part.pieces) ?? .max }
        return sums.sorted { $0.key < $1.key }.map { (line: $0.key, pieces: $0.value) }
    }
}
