/// Where an order stands; worked out from its facts and stored nowhere else as a truth.
package enum OrderPhase: String, CaseIterable, Sendable {
    /// Something is known of it, but not yet what was ordered.
    case expected
    case awaitingPayment = "awaiting-payment"
    case paid
    case partlyShipped = "partly-shipped"
    case shipped, received, completed
    case cancelled
    /// Everything that was paid for goods went back.
    case closed
}
