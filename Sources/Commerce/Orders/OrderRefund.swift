/// Money that is to go back to one payment; a promise from the moment it is a fact, whatever the gateway says.
///
/// Its number goes to the gateway unchanged at every try, so that no try can pay twice.
package struct Refund: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        case cancelled
        /// More came in than the order costs: a second payment, a wrong amount, another currency.
        case surplus
        case afterSale(EntityID)
        case goodwill
    }

    package let number: EntityID
    package let payment: PaymentRef
    package let amount: Money
    /// What of it is for which line; none for money that no line was paid with.
    package let lines: [LineShare]
    package let reason: Reason

    package init(number: EntityID, payment: PaymentRef, amount: Money, lines: [LineShare] = [], reason: Reason) {
        self.number = number
        self.payment = payment
        self.amount = amount
        self.lines = lines
        self.reason = reason
    }

    /// The number its gateway is told, at every try the same; within the 64 characters the strictest of them takes.
    package func numberAtGateway(ofOrder order: String) -> String { "\(order)-\(number)" }

    package var onLines: Int64 { lines.reduce(0) { $0 + $1.amount } }
}

/// A refund and what has become of it.
package struct RefundState: Hashable, Sendable {
    package let refund: Refund
    package let at: Timestamp
    package internal(set) var isSettled = false
    /// How many times its gateway refused it. It stays owed, and is tried again under the same number.
    package internal(set) var refusals: [String] = []
}
