extension OrderState {
    func admit(_ cancellation: Cancellation) throws(OrderRefusal) {
        guard cancellation.number == cancellations.count + 1 else { throw .outOfTurn(next: cancellations.count + 1) }
        guard !isCancelled else { throw .wrongPhase(.cancelled, wanted: "it is called off already") }
        // A channel does not ask: its order is off, and goods on their way are a problem for a person.
        if cancellation.author == .channel {
            guard phase != .received, phase != .completed, phase != .closed else {
                throw .wrongPhase(phase, wanted: "what was received is given back by an after-sale case")
            }
            return
        }
        guard placed != nil else { throw .notPlaced }
        if let attempt = inDoubt.first { throw .paymentInDoubt(attempt: attempt.id) }
        if cancellation.author == .timeout {
            guard phase == .awaitingPayment else { throw .wrongPhase(phase, wanted: "only an unpaid order times out") }
            return
        }
        guard phase == .awaitingPayment || phase == .paid else {
            throw .wrongPhase(phase, wanted: "what has left is given back by an after-sale case")
        }
        if let open = afterSales.first(where: \.isOpen) { throw .afterSaleOpen(open.id) }
    }

    func admit(_ repricing: Repricing, _ money: OrderMoney) throws(OrderRefusal) {
        guard repricing.number == repricings + 1 else { throw .outOfTurn(next: repricings + 1) }
        // An attempt that was opened at the old price could still be paid at it.
        if let attempt = inDoubt.first { throw .paymentInDoubt(attempt: attempt.id) }
        guard phase == .awaitingPayment, money.captured == 0 else {
            throw .wrongPhase(phase, wanted: "a price changes only before anything is paid")
        }
        guard let placed, repricing.covers(placed.lines) else { throw .otherGoods }
        var total: Int64 = 0
        for line in repricing.lines {
            guard line.payable >= 0, let sum = total.plus(line.payable), sum <= Money.amountMax else {
                throw .amount(line.payable, wanted: "lines cost nothing or more, together at most \(Money.amountMax)")
            }
            total = sum
        }
    }

    func admit(_ attempt: PaymentAttempt, _ money: OrderMoney) throws(OrderRefusal) {
        guard phase == .awaitingPayment else { throw .wrongPhase(phase, wanted: "it is paid while it awaits payment") }
        // One at a time, or two can be paid.
        if let open = inDoubt.first { throw .paymentInDoubt(attempt: open.id) }
        guard attempt.amount.currency == money.currency else { throw .currency(attempt.amount, wanted: money.currency) }
        guard attempt.amount.amount == money.missing else {
            throw .amount(attempt.amount.amount, wanted: "\(money.missing) are to be paid")
        }
    }

    func refusal(toReinstate number: Int, _ money: OrderMoney) -> OrderRefusal? {
        guard let state = cancellations.first(where: { $0.cancellation.number == number }) else {
            return .unknown("cancellation \(number)")
        }
        if state.isReinstated { return .notReinstated("cancellation \(number) was taken back already") }
        guard state.cancellation.author == .timeout else {
            return .notReinstated("the \(state.cancellation.author.rawValue) wanted it so")
        }
        guard money.captured - money.opened >= money.total else {
            return .notReinstated("it is not paid, or its money is on its way back")
        }
        return nil
    }

    /// What may go back that no line was paid with: what is too much, and what a purchase is short of,
    /// unless a payment under way may still bring the rest.
    var returnable: Int64 {
        guard let money else { return 0 }
        guard phase == .awaitingPayment, inDoubt.isEmpty else { return money.owedBack }
        return max(0, money.captured - money.opened)
    }

    func admit(_ refund: Refund, _ money: OrderMoney) throws(OrderRefusal) {
        guard let payment = self.payment(refund.payment) else { throw .unknown("payment \(refund.payment)") }
        let amount = refund.amount.amount
        guard amount > 0 else { throw .amount(amount, wanted: "a refund is more than nothing") }
        guard refund.amount.currency == payment.payment.amount.currency else {
            throw .currency(refund.amount, wanted: payment.payment.amount.currency)
        }
        guard amount <= payment.left else { throw .paymentBound(refund.payment, wanted: amount, left: payment.left) }
        guard refund.lines.allSatisfy({ $0.amount >= 0 && $0.pieces >= 0 }) else {
            throw .amount(refund.onLines, wanted: "no share is less than nothing")
        }
        for (line, share) in refund.lines.summed {
            guard let state = self.line(line) else { throw .noSuchLine(line) }
            guard share.amount <= state.left else { throw .lineBound(line: line, wanted: share.amount, left: state.left) }
            let there = max(0, state.line.quantity - state.openedPieces)
            guard share.pieces <= there else { throw .pieces(line: line, wanted: share.pieces, there: there) }
        }
        try covers(refund, money)
    }

    /// Whether there is a reason to give this much back: lines for what lines cost, surplus for all else.
    private func covers(_ refund: Refund, _ money: OrderMoney) throws(OrderRefusal) {
        let amount = refund.amount.amount
        switch refund.reason {
        case .cancelled, .surplus:
            guard refund.lines.isEmpty else { throw .amount(refund.onLines, wanted: "no line is given back by it") }
            guard refund.amount.currency == money.currency else { return }
            guard amount <= returnable else { throw .amount(amount, wanted: "\(returnable) are owed back") }
        case .goodwill, .afterSale:
            guard refund.amount.currency == money.currency else { throw .currency(refund.amount, wanted: money.currency) }
            guard refund.onLines == amount else { throw .amount(amount, wanted: "its lines' shares come to \(refund.onLines)") }
            guard !isCancelled else { throw .wrongPhase(.cancelled, wanted: "what is owed back goes back as that") }
            guard money.isPaid else { throw .wrongPhase(phase, wanted: "lines are given back when they were paid") }
            if case .afterSale(let id) = refund.reason { try covers(refund, by: id) } else { try spares(refund) }
        }
    }

    private func covers(_ refund: Refund, by id: EntityID) throws(OrderRefusal) {
        guard let afterSale = self.afterSale(id) else { throw .unknown("after-sale case \(id)") }
        guard refund.amount.amount <= afterSale.owed else {
            throw .amount(refund.amount.amount, wanted: "the case owes \(afterSale.owed)")
        }
        for (line, share) in refund.lines.summed {
            let agreed = afterSale.pending(line)
            guard share.amount <= agreed.amount else { throw .lineBound(line: line, wanted: share.amount, left: agreed.amount) }
            guard share.pieces <= agreed.pieces else { throw .pieces(line: line, wanted: share.pieces, there: agreed.pieces) }
        }
    }

    /// Whether good will takes no piece, and no money that a case may still be about.
    private func spares(_ refund: Refund) throws(OrderRefusal) {
        for (line, share) in refund.lines.summed {
            guard share.pieces == 0 else { throw .pieces(line: line, wanted: share.pieces, there: 0) }
            let left = self.line(line).map { unclaimed($0, besides: nil) } ?? 0
            guard share.amount <= left else { throw .lineBound(line: line, wanted: share.amount, left: left) }
        }
    }
}

extension [LineShare] {
    /// As ``summed`` of pieces, with the money.
    package var summed: [(line: Int, share: LineShare)] {
        var sums: [Int: LineShare] = [:]
        for part in self {
            let other = sums[part.line] ?? LineShare(line: part.line, pieces: 0, amount: 0)
            sums[part.line] = LineShare(
                line: part.line, pieces: other.pieces.plus(part.pieces) ?? .max, amount: other.amount.plus(part.amount) ?? .max)
        }
        return sums.sorted { $0.key < $1.key }.map { (line: $0.key, share: $0.value) }
    }
}
