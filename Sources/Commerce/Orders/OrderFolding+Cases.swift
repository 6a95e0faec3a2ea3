extension OrderFolding {
    /// What was asked for after the sale, and what that means for the pieces.
    mutating func settleCases() {
        var told: [EntityID: [AfterSaleFold.Told]] = [:]
        for fact in facts {
            if case .afterSale(let id, let part) = fact.fact { told[id, default: []].append((part, fact.at)) }
        }
        for id in told.keys.sorted() {
            let refunds = state.refunds.filter { $0.refund.reason == .afterSale(id) }
            let folded = AfterSaleFold.state(of: id, told[id] ?? [], refunds: refunds)
            state.afterSales.append(folded)
            if folded.claim == nil { state.problems.append(.waits(key: "as:\(id)", for: "as:\(id)/asked")) }
            for goods in folded.goodsBack where state.line(goods.line) != nil { state.lines[goods.line - 1].returned.append(goods) }
            countWorthless(folded)
            guard folded.claim?.kind == .callOff else { continue }
            for share in folded.terms where state.line(share.line) != nil {
                if folded.isGranted {
                    state.lines[share.line - 1].calledOff += share.pieces
                } else if folded.isOpen {
                    state.lines[share.line - 1].withheld += share.pieces
                }
            }
        }
    }

    /// Pieces given back that cost no money, paid with points alone: no refund speaks of them.
    private mutating func countWorthless(_ folded: AfterSaleState) {
        guard folded.phase == .settled, folded.claim?.kind.givesMoneyBack == true, folded.granted == 0 else { return }
        for share in folded.terms where state.line(share.line) != nil { state.lines[share.line - 1].openedPieces += share.pieces }
    }

    /// The phase, from all that was worked out, and what cannot be right in it.
    mutating func conclude() {
        for line in state.lines {
            if line.shipped + line.calledOff > line.line.quantity {
                state.problems.append(
                    .shippedTooMany(line: line.line.number, pieces: line.shipped + line.calledOff, ordered: line.line.quantity))
            }
            if line.opened > line.line.payable {
                state.problems.append(
                    .refundedTooMuchForLine(line.line.number, opened: line.opened, payable: line.line.payable))
            }
        }
        for payment in state.payments where payment.opened > payment.payment.amount.amount {
            state.problems.append(
                .refundedTooMuch(payment: payment.payment.ref, opened: payment.opened, captured: payment.payment.amount.amount))
        }
        guard let money = state.money else { return }
        state.phase = phase(money)
        guard !state.parcels.isEmpty || state.isPickedUp else { return }
        if state.isCancelled {
            state.problems.append(.shippedAlthoughCancelled)
        } else if !money.isPaid {
            state.problems.append(.shippedUnpaid)
        }
    }

    private func phase(_ money: OrderMoney) -> OrderPhase {
        if state.isCancelled { return .cancelled }
        if isGivenBack(money) { return .closed }
        if state.completedAt != nil { return .completed }
        if state.receivedAt != nil { return .received }
        if state.lines.contains(where: { $0.shipped > 0 }) {
            return state.lines.allSatisfy { $0.outstanding == 0 } ? .shipped : .partlyShipped
        }
        return money.isPaid ? .paid : .awaitingPayment
    }

    private func isGivenBack(_ money: OrderMoney) -> Bool {
        if money.total > 0 { return state.lines.reduce(0) { $0 + $1.refunded } >= money.total }
        return state.lines.allSatisfy { $0.openedPieces >= $0.line.quantity }
    }
}
