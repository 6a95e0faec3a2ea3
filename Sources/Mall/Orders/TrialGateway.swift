package import ChannelAdapters
package import Commerce

/// A payment service for trials: whoever may operate pays for the buyer, and refunds are through at once.
///
/// It keeps nothing itself: what was paid is in the orders' facts, so a restart changes nothing.
package struct TrialGateway: PaymentGateway {
    package static let name = "trial"
    package let id = TrialGateway.name

    package init() {}

    package func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening {
        .ready(["how": "trial", "order": .string(order), "attempt": .string(attempt.id.text), "amount": .integer(attempt.amount.amount)])
    }

    package func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { .open }
    package func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { .closed }
    package func refund(_ refund: Refund, of order: String) async -> RefundNews { .settled }
}
