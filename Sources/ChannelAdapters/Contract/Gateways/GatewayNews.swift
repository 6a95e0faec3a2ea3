package import Commerce

/// One thing a gateway says happened, in our words.
package enum GatewayNews: Hashable, Sendable {
    /// About a payment, by the number we gave the attempt.
    case attempt(number: String, AttemptNews)
    /// About a refund, by the number we gave it.
    case refund(number: String, RefundNews)
    /// Money given back at the gateway under a number that is none of ours, such as by hand in its console.
    case refundByOthers(transaction: String, reference: String, amount: Money)
    /// The payer's bank takes a payment back, or wants to.
    case dispute(PaymentDispute)
    /// About a parcel.
    case parcel(TrackingReport)
    /// Nothing that changes anything here; what it was.
    case nothing(String)
}

/// A payer who asks his bank for the money.
package struct PaymentDispute: Hashable, Sendable {
    package let id: String
    /// The gateway's number of the payment.
    package let transaction: String
    package let amount: Money
    package let stage: OrderDispute.Stage
    package let reason: String

    package init(id: String, transaction: String, amount: Money, stage: OrderDispute.Stage, reason: String) {
        self.id = id
        self.transaction = transaction
        self.amount = amount
        self.stage = stage
        self.reason = reason
    }
}
