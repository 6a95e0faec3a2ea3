/// What a channel wants done with money that does not fit its order; nothing of it ever just lies there.
package struct PaymentPolicy: Hashable, Sendable {
    /// Money for an order that had timed out: hold the stock again if it is still there, or give the money back.
    package enum Late: String, CaseIterable, Sendable { case reinstate, refund }
    /// Less than was to be paid: ask for the rest until the order times out, or give it back at once.
    package enum Short: String, CaseIterable, Sendable {
        case askForRest = "ask-for-rest"
        case refund
    }

    package var late = Late.reinstate
    package var short = Short.askForRest

    package init() {}

    /// What is to be done about an order's money now; empty when all of it is where it belongs.
    ///
    /// - Parameter canHoldAgain: whether all of the order's stock can be held; asked only where it matters, in the
    ///   transaction that then holds it.
    package func verdict(on state: OrderState, canHoldAgain: () -> Bool) -> [PaymentStep] {
        guard let money = state.money else { return [] }
        if let cancellation = lateCancellation(state, money), late == .reinstate, canHoldAgain() {
            // What is too much even for the order alive again is seen at the next look.
            return [.reinstate(cancellation: cancellation)]
        }
        var steps: [PaymentStep] = []
        let owed = short == .refund ? state.returnable : money.owedBack
        let reason: Refund.Reason = state.isCancelled ? .cancelled : .surplus
        steps += RefundPlan.newestFirst(owed, of: state, reason: reason).map(PaymentStep.refund)
        steps += RefundPlan.whole(money.foreign, of: state, after: steps.count).map(PaymentStep.refund)
        if steps.isEmpty, state.phase == .awaitingPayment, money.captured > 0, state.inDoubt.isEmpty {
            steps.append(.askForRest(Money(amount: money.missing, currency: money.currency)))
        }
        return steps
    }

    /// The one cancellation that stands between the money and the order, if the timer made it.
    private func lateCancellation(_ state: OrderState, _ money: OrderMoney) -> Int? {
        let open = state.cancellations.filter { !$0.isReinstated }
        guard open.count == 1, let only = open.first, state.parcels.isEmpty,
            state.refusal(toReinstate: only.cancellation.number, money) == nil
        else { return nil }
        return only.cancellation.number
    }
}

/// One thing to be done about an order's money.
package enum PaymentStep: Hashable, Sendable {
    case reinstate(cancellation: Int)
    case refund(Refund)
    case askForRest(Money)
}
