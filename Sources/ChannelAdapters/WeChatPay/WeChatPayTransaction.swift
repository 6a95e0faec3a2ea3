package import Commerce

/// A payment as the platform tells it, in answers and callbacks alike.
package struct WeChatPayTransaction: Hashable, Sendable {
    package let number: String
    package let merchant: String
    package let app: String
    package let state: State
    /// Nil until it is paid.
    package let transaction: String?
    package let total: Money?
    package let paidAt: Timestamp?

    package enum State: String, Sendable {
        case success = "SUCCESS"
        /// Was paid, and something was given back since.
        case refund = "REFUND"
        case notPaid = "NOTPAY"
        case closed = "CLOSED"
        case revoked = "REVOKED"
        case userPaying = "USERPAYING"
        case payError = "PAYERROR"
        case accept = "ACCEPT"
    }

    package init(_ value: JSON) throws(ValidationFailure) {
        let members = try WeChatPayMembers(value)
        number = try members.code("out_trade_no", max: 32)
        merchant = try members.code("mchid", max: 32)
        app = try members.code("appid", max: 32)
        let word = try members.code("trade_state", max: 32)
        guard let state = State(rawValue: word) else { throw members.fail("trade_state", "is not known: \(word)") }
        self.state = state
        let isPaid = state == .success || state == .refund
        transaction = isPaid || members.has("transaction_id") ? try members.code("transaction_id", max: 64) : nil
        total = isPaid || members.has("amount") ? try members.object("amount").money("total") : nil
        paidAt = try members.time("success_time")
        if isPaid, paidAt == nil { throw members.fail("success_time", "is required of what was paid") }
    }
}

/// A refund as the platform tells it; callbacks say `refund_status` where answers say `status`.
package struct WeChatPayRefund: Hashable, Sendable {
    package let number: String
    package let reference: String
    package let transaction: String
    package let status: Status
    package let amount: Money
    package let total: Money

    package enum Status: String, Sendable {
        case success = "SUCCESS"
        case closed = "CLOSED"
        case processing = "PROCESSING"
        case abnormal = "ABNORMAL"
    }

    package init(_ value: JSON) throws(ValidationFailure) {
        let members = try WeChatPayMembers(value)
        number = try members.code("out_refund_no", max: 64)
        reference = try members.code("refund_id", max: 64)
        transaction = try members.code("transaction_id", max: 64)
        let name = members.has("refund_status") ? "refund_status" : "status"
        guard let status = Status(rawValue: try members.code(name, max: 32)) else { throw members.fail(name, "is not known") }
        self.status = status
        let sums = try members.object("amount")
        amount = try sums.money("refund")
        total = try sums.money("total")
    }

    /// What it means for whoever waits for the money to be back.
    package var news: RefundNews {
        switch status {
        case .success: .settled
        case .processing: .unknown("the platform is at it (refund \(reference))")
        case .abnormal:
            .refused("the payer's account could not take the money (refund \(reference), ABNORMAL): put it through by hand at the platform")
        case .closed: .refused("the platform closed the refund without paying it (refund \(reference), CLOSED)")
        }
    }
}
