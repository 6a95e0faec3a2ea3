import ChannelAdapters
import Commerce
import Store

extension Writing {
    /// Does what a gateway says happened; said again, it changes nothing.
    ///
    /// - Throws: `.notFound` for what was never asked of it here, `.contradiction` for what cannot be.
    func apply(_ news: GatewayNews, from gateway: String) throws(StoreError) {
        switch news {
        case .attempt(let text, let news):
            let number = try known(text)
            let order = try reading.requireOrder(number.order)
            guard let attempt = order.state.attempts.first(where: { $0.attempt.id == number.part })?.attempt else {
                throw .notFound("payment attempt \(text)")
            }
            guard attempt.gateway == gateway else {
                throw .contradiction("attempt \(text) was opened at \(attempt.gateway), and \(gateway) speaks of it")
            }
            try hear(news, of: attempt.id, order: number.order, from: gateway)
        case .refund(let text, let news):
            let number = try known(text)
            let order = try reading.requireOrder(number.order)
            guard let refund = order.state.refund(number.part)?.refund else { throw .notFound("refund \(text)") }
            guard refund.payment.gateway == gateway else {
                throw .contradiction("refund \(text) goes to \(refund.payment.gateway), and \(gateway) speaks of it")
            }
            try hear(
                news, ofRefund: number.part, order: number.order, from: gateway, lookAgainAt: now + .seconds(3_600))
        case .refundByOthers(let transaction, let reference, let amount):
            let ref = PaymentRef(gateway: gateway, transaction: transaction)
            let refund = OutsideRefund(payment: ref, reference: reference, amount: amount)
            try tell(.refundedElsewhere(refund), of: try paid(ref), by: gateway, judged: false)
        case .dispute(let told):
            let ref = PaymentRef(gateway: gateway, transaction: told.transaction)
            let dispute = OrderDispute(id: told.id, payment: ref, amount: told.amount, stage: told.stage, reason: told.reason)
            try tell(.disputed(dispute), of: try paid(ref), by: gateway, judged: false)
        case .parcel, .nothing: break
        }
    }

    private func known(_ text: String) throws(StoreError) -> GatewayNumber {
        guard let number = GatewayNumber(text) else { throw .notFound("payment or refund \(text.prefix(64)): no number of ours") }
        return number
    }

    private func paid(_ ref: PaymentRef) throws(StoreError) -> String {
        guard let order = try reading.order(paidBy: ref) else { throw .notFound("payment \(ref)") }
        return order
    }
}
