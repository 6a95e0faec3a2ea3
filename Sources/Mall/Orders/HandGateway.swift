package import ChannelAdapters
package import Commerce

/// Money that people take and give by hand: cash, a transfer to the house's account.
///
/// Nobody can be asked about it, so what came in and what went back is told by an operator.
package struct HandGateway: PaymentGateway {
    package static let name = "hand"
    package let id = HandGateway.name

    package init() {}

    package func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening {
        .ready(["how": "by-hand", "order": .string(order), "amount": .integer(attempt.amount.amount)])
    }

    package func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { .open }
    package func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { .closed }
    package func refund(_ refund: Refund, of order: String) async -> RefundNews {
        .unknown("give \(refund.amount) back by hand, then: heyi order refunded \(order) \(refund.number)")
    }
}
