/// What an attempt or a refund is called at its gateway: the order's number and its own, the same at every try.
///
/// Gateways allow a number once for ever, so an attempt that was closed is followed by one of another number.
package struct GatewayNumber: Hashable, Sendable, CustomStringConvertible {
    package let order: String
    /// The attempt's id, or the refund's number.
    package let part: EntityID

    /// The fewest characters any gateway takes for a payment, and the most; refunds may have 64.
    package static let attemptLengths = 6...32

    package init(order: String, part: EntityID) {
        self.order = order
        self.part = part
    }

    /// Reads a number back; nil for one that we never gave.
    package init?(_ text: String) {
        guard let dash = text.lastIndex(of: "-"), let part = EntityID(String(text[text.index(after: dash)...])) else { return nil }
        let order = String(text[..<dash])
        guard OrderNumber.isValid(order) else { return nil }
        self.init(order: order, part: part)
    }

    package var description: String { "\(order)-\(part)" }
}

extension PaymentAttempt {
    package func numberAtGateway(ofOrder order: String) -> GatewayNumber { GatewayNumber(order: order, part: id) }
}
