extension OrderFolding {
    /// What came in, and what was promised back.
    mutating func moveMoney() {
        payIn()
        payBack()
        let elsewhere = goElsewhere()
        guard let placed = state.placed else { return }
        let own = state.payments.filter { $0.payment.amount.currency == placed.currency }
        let total = state.lines.reduce(0) { $0 + $1.line.payable }
        let openedOnLines = state.lines.reduce(0) { $0 + $1.opened }
        let captured = own.reduce(0) { $0 + $1.payment.amount.amount }
        let opened = own.reduce(0) { $0 + $1.opened }
        // What went back elsewhere was surplus first; the rest of it lowers what the order may keep, and is not to be paid again.
        let surplus = max(0, captured - (opened - elsewhere) - max(0, total - openedOnLines))
        state.money = OrderMoney(
            currency: placed.currency, total: total, captured: captured, opened: opened,
            openedOnLines: openedOnLines + max(0, elsewhere - surplus), refunded: own.reduce(0) { $0 + $1.refunded },
            isCancelled: state.isCancelled,
            foreign: state.payments.filter { $0.payment.amount.currency != placed.currency })
        for foreign in state.money?.foreign ?? [] {
            state.problems.append(.otherCurrency(foreign.payment.ref, foreign.payment.amount))
        }
    }

    private mutating func payIn() {
        var ends: [EntityID: AttemptState.End] = [:]
        for fact in facts {
            switch fact.fact {
            case .paymentOpened(let attempt): state.attempts.append(AttemptState(attempt: attempt, at: fact.at))
            case .paymentClosed(let id):
                expect("pay:\(id)", for: fact)
                ends[id] = ends[id] ?? .closed
            case .paid(let payment):
                state.payments.append(PaymentState(payment: payment, at: fact.at))
                // Paid although it was said to be closed: the money is what counts.
                if let id = payment.attempt { ends[id] = .paid }
            default: break
            }
        }
        for index in state.attempts.indices { state.attempts[index].end = ends[state.attempts[index].attempt.id] ?? .unknown }
        for payment in state.payments.map(\.payment) {
            guard let attempt = state.attempts.first(where: { $0.attempt.id == payment.attempt })?.attempt,
                attempt.amount != payment.amount, attempt.amount.currency == payment.amount.currency
            else { continue }
            state.problems.append(.otherAmount(payment.ref, paid: payment.amount.amount, opened: attempt.amount.amount))
        }
    }

    private mutating func payBack() {
        for fact in facts {
            guard case .refundOpened(let refund) = fact.fact else { continue }
            var opened = RefundState(refund: refund, at: fact.at)
            opened.isSettled = keys.contains("refund:\(refund.number)/settled")
            opened.refusals = refusals(of: refund.number)
            state.refunds.append(opened)
            expect("paid:\(refund.payment)", for: fact)
            for index in state.payments.indices where state.payments[index].payment.ref == refund.payment {
                state.payments[index].opened += refund.amount.amount
                if opened.isSettled { state.payments[index].refunded += refund.amount.amount }
            }
            for share in refund.lines {
                guard let index = index(of: share.line, for: fact.fact) else { continue }
                state.lines[index].openedPieces += share.pieces
                state.lines[index].opened += share.amount
                if opened.isSettled { state.lines[index].refunded += share.amount }
            }
        }
        for fact in facts {
            switch fact.fact {
            case .refundSettled(let number), .refundRefused(let number, _, _): expect("refund:\(number)", for: fact)
            default: break
            }
        }
    }

    /// Counts what went back by nobody's order here. Nobody here could refuse it, so together with what is promised it
    /// may be more than the payment: that is a problem of the order, and no debt of the buyer's.
    ///
    /// - Returns: how much of it was in the order's currency.
    private mutating func goElsewhere() -> Int64 {
        var stages: [String: OrderDispute] = [:]
        for fact in facts {
            switch fact.fact {
            case .refundedElsewhere(let refund):
                expect("paid:\(refund.payment)", for: fact)
                state.outsideRefunds.append(refund)
                state.problems.append(.refundedElsewhere(refund.payment, reference: refund.reference, refund.amount))
            case .disputed(let dispute):
                expect("paid:\(dispute.payment)", for: fact)
                // Facts come in any order: a verdict stands, whatever is heard of the beginning afterwards.
                if let held = stages[dispute.id], held.stage.rank >= dispute.stage.rank { continue }
                stages[dispute.id] = dispute
            default: break
            }
        }
        state.disputes = stages.values.sorted { ByteOrder.precedes($0.id, $1.id) }
        for dispute in state.disputes where dispute.stage == .opened || dispute.stage == .lost {
            state.problems.append(.disputed(dispute.payment, id: dispute.id, dispute.stage, dispute.amount))
        }
        for dispute in state.disputes where dispute.stage == .lost {
            state.outsideRefunds.append(
                OutsideRefund(payment: dispute.payment, reference: "dispute/\(dispute.id)", amount: dispute.amount))
        }
        var sum: Int64 = 0
        for refund in state.outsideRefunds {
            for index in state.payments.indices where state.payments[index].payment.ref == refund.payment {
                // Yen are not fen: what is in another money stays a problem for people and changes no sum.
                guard state.payments[index].payment.amount.currency == refund.amount.currency else { continue }
                state.payments[index].opened += refund.amount.amount
                state.payments[index].refunded += refund.amount.amount
                if refund.amount.currency == state.placed?.currency { sum += refund.amount.amount }
            }
        }
        return sum
    }

    private func refusals(of number: EntityID) -> [String] {
        var found: [(Int, String)] = []
        for fact in facts {
            if case .refundRefused(number, let attempt, let reason) = fact.fact { found.append((attempt, reason)) }
        }
        return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
