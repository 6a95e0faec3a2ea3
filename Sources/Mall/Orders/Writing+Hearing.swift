package import ChannelAdapters
package import Commerce
package import Store

extension Writing {
    /// Tells an order what a gateway says of an attempt; nil when it says nothing that is known.
    @discardableResult
    package func hear(
        _ news: AttemptNews, of attempt: EntityID, order number: String, from gateway: String
    ) throws(StoreError) -> StoredOrder? {
        switch news {
        case .open, .unknown: return nil
        case .closed: return try tell(.paymentClosed(attempt), of: number, by: gateway, judged: false).order
        case .paid(let payment, let at):
            if surroundings.plantedInGateways == .ignoresSecondPayment, try reading.requireOrder(number).state.money?.isPaid == true { return nil }
            return try tell(.paid(payment), of: number, at: at, by: gateway, judged: false).order
        }
    }

    /// Tells an order what a gateway says of a refund.
    ///
    /// - Parameter lookAgainAt: when a refusal is tried again, unless there were too many.
    package func hear(
        _ news: RefundNews, ofRefund id: EntityID, order number: String, from gateway: String, lookAgainAt again: Timestamp
    ) throws(StoreError) {
        switch news {
        case .settled: try tell(.refundSettled(id), of: number, by: gateway, judged: false)
        case .refused(let reason):
            guard let refund = try reading.requireOrder(number).state.refund(id), !refund.isSettled else { return }
            try tell(
                .refundRefused(id, attempt: refund.refusals.count + 1, reason: reason), of: number, by: gateway, judged: false)
            // After some refusals it is for a person to find out why; it stays owed, and keeps its number.
            try refuseRefund(
                id, of: number, told: reason, lookAgainAt: refund.refusals.count + 1 < Cashier.refusalsMax ? again : nil)
        case .unknown: break
        }
    }
}

extension Cashier {
    static let refusalsMax = 6
}
