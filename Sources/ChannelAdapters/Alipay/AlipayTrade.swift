import Commerce

/// A trade as the platform tells of it, in a notification or in an answer.
struct AlipayTrade: Sendable {
    enum State: Sendable { case waiting, paid, closed }

    /// Ours.
    let number: String
    /// The platform's.
    let transaction: String
    let state: State
    let total: Money
    /// When it was paid; there for all that ever were.
    let paidAt: Timestamp?
    /// What went back so far, all refunds together.
    let refunded: Money?

    /// `TRADE_CLOSED` is said of two: what nobody paid in time, and what was paid and went back whole. The time of
    /// the payment tells them apart. `TRADE_FINISHED` is paid as well, only that nothing can go back any more.
    ///
    /// - Throws: ``ValidationFailure`` about the first field that is missing or wrong, and for a state nobody has described.
    init(_ told: AlipayTold) throws(ValidationFailure) {
        number = try told.neededName("out_trade_no")
        transaction = try told.neededName("trade_no")
        total = try told.neededAmount("total_amount")
        guard total.amount > 0 else { throw ValidationFailure(field: "total_amount", reason: "is nothing") }
        // Answers say `send_pay_date`, notifications `gmt_payment`.
        paidAt = if let time = try told.time("gmt_payment") { time } else { try told.time("send_pay_date") }
        refunded = try told.amount("refund_fee")
        switch try told.needed("trade_status") {
        case "WAIT_BUYER_PAY": state = .waiting
        case "TRADE_SUCCESS", "TRADE_FINISHED": state = .paid
        case "TRADE_CLOSED":
            let spent = try told.amount("buyer_pay_amount")
            state = paidAt != nil || (refunded?.amount ?? 0) > 0 || (spent?.amount ?? 0) > 0 ? .paid : .closed
        default: throw ValidationFailure(field: "trade_status", reason: "is none that is known")
        }
        guard state != .paid || paidAt != nil else { throw ValidationFailure(field: "gmt_payment", reason: "is missing, and the trade was paid") }
    }

    /// What an order is told of it. The amount is the platform's: where it is not the one that was asked for, the order sees that.
    func news(gateway: String, attempt: EntityID?) -> AttemptNews {
        switch (state, paidAt) {
        case (.waiting, _): return .open
        case (.closed, _): return .closed
        case (.paid, let time?):
            return .paid(Payment(ref: PaymentRef(gateway: gateway, transaction: transaction), attempt: attempt, amount: total), at: time)
        case (.paid, nil): return .unknown("it was paid, and nobody says when")
        }
    }
}
