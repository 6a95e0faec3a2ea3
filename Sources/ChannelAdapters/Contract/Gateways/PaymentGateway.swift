package import Commerce

/// Where buyers pay and refunds go: one account at one payment service.
///
/// Every call may be repeated with the same names and does the same thing once. None of them writes anything of ours:
/// what they answer is told to the order by whoever asked.
package protocol PaymentGateway: Sendable {
    /// Names it in facts, for ever.
    var id: String { get }
    /// What a buyer's client needs in order to pay this attempt.
    func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening
    func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews
    /// Has it that the attempt can no longer be paid, unless it was.
    func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews
    /// Sends money back, or says what became of it when it was sent before under the same number.
    func refund(_ refund: Refund, of order: String) async -> RefundNews
}

package enum GatewayOpening: Hashable, Sendable {
    /// What the client is to do: a page to open, a code to show, parameters for a wallet.
    case ready(JSON)
    /// It certainly cannot be paid there.
    case refused(String)
    /// Nobody knows whether it can be.
    case unknown(String)
}

package enum AttemptNews: Hashable, Sendable {
    /// It may still be paid.
    case open
    case closed
    case paid(Payment, at: Timestamp)
    case unknown(String)
}

package enum RefundNews: Hashable, Sendable {
    case settled
    case refused(String)
    /// Taken on, or not answered: it is asked after later under the same number.
    case unknown(String)
}
