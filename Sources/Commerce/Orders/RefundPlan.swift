/// Which payments an amount goes back to, and under which numbers.
package enum RefundPlan {
    /// Surplus: the payment that came last is the one too many.
    static func newestFirst(_ amount: Int64, of state: OrderState, reason: Refund.Reason) -> [Refund] {
        guard let currency = state.placed?.currency else { return [] }
        let own = state.payments.filter { $0.payment.amount.currency == currency }
        return spread(amount, over: own.reversed(), of: state, lines: [], reason: reason)
    }

    /// Money in another currency, each payment whole.
    static func whole(_ payments: [PaymentState], of state: OrderState, after count: Int) -> [Refund] {
        var refunds: [Refund] = []
        for payment in payments where payment.left > 0 {
            refunds.append(
                Refund(
                    number: number(state, after: count + refunds.count), payment: payment.payment.ref,
                    amount: Money(amount: payment.left, currency: payment.payment.amount.currency), reason: .surplus))
        }
        return refunds
    }

    /// What an after-sale case owes now, from the earliest payment on, each refund with its part of the lines' shares.
    package static func refunds(for id: EntityID, of state: OrderState) -> [Refund] {
        guard let afterSale = state.afterSale(id), afterSale.owed > 0, let currency = state.placed?.currency else { return [] }
        let taken = afterSale.refunds.flatMap(\.refund.lines).summed
        let open = afterSale.terms.summed.map { line, share in
            let other = taken.first { $0.line == line }?.share
            return LineShare(line: line, pieces: share.pieces - (other?.pieces ?? 0), amount: share.amount - (other?.amount ?? 0))
        }
        let own = state.payments.filter { $0.payment.amount.currency == currency }
        return spread(afterSale.owed, over: own, of: state, lines: open, reason: .afterSale(id))
    }

    /// A sign of good will: money for one line, and the goods stay.
    package static func goodwill(_ share: LineShare, of state: OrderState) -> [Refund] {
        guard let currency = state.placed?.currency else { return [] }
        let own = state.payments.filter { $0.payment.amount.currency == currency }
        return spread(share.amount, over: own, of: state, lines: [share], reason: .goodwill)
    }

    private static func spread(
        _ amount: Int64, over payments: [PaymentState], of state: OrderState, lines: [LineShare], reason: Refund.Reason
    ) -> [Refund] {
        var left = amount
        var open = lines
        var refunds: [Refund] = []
        for payment in payments where left > 0 && payment.left > 0 {
            let part = min(left, payment.left)
            left -= part
            let shares = lines.isEmpty ? [] : take(part, from: &open)
            refunds.append(
                Refund(
                    number: number(state, after: refunds.count), payment: payment.payment.ref,
                    amount: Money(amount: part, currency: payment.payment.amount.currency), lines: shares, reason: reason))
        }
        return refunds
    }

    /// Shares that come to an amount, line by line; a line's pieces go with the first money for it.
    private static func take(_ amount: Int64, from open: inout [LineShare]) -> [LineShare] {
        var left = amount
        var taken: [LineShare] = []
        for index in open.indices {
            let share = open[index]
            let part = min(left, share.amount)
            guard part > 0 || share.pieces > 0 && share.amount == 0 else { continue }
            taken.append(LineShare(line: share.line, pieces: share.pieces, amount: part))
            open[index] = LineShare(line: share.line, pieces: 0, amount: share.amount - part)
            left -= part
        }
        return taken
    }

    /// The same for whoever works it out from the same facts: `r1`, `r2`, … in one order.
    ///
    /// A gateway is told ``Refund/numberAtGateway(ofOrder:)``.
    private static func number(_ state: OrderState, after count: Int) -> EntityID {
        var next = state.refunds.count + count + 1
        while true {
            // Facts from elsewhere may have names of that form; ours is then the next free one.
            if let id = EntityID("r\(next)"), state.refund(id) == nil { return id }
            next += 1
        }
    }
}
