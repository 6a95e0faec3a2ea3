package import Commerce

extension AlipayPayments {
    /// Sends a refund under the number it always has.
    ///
    /// The platform answers `10000` also where this try moved nothing: because an earlier one did, or because as much
    /// had gone back under other numbers. `fund_change` says which, and where it says that nothing moved, the refund
    /// itself is asked after. A refusal counts only when no refund of this number is there.
    package func refund(_ refund: Refund, of order: String) async -> RefundNews {
        guard refund.amount.currency == .yuan, refund.amount.amount > 0 else { return .refused("Alipay refunds CNY, more than nothing") }
        let number = refund.numberAtGateway(ofOrder: order)
        let answer = await client.call(
            AlipayRequest(
                method: "alipay.trade.refund",
                content: [
                    "trade_no": .string(refund.payment.transaction), "refund_amount": .string(refund.amount.decimal),
                    "out_request_no": .string(number),
                ]))
        switch answer {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone:
            do throws(ValidationFailure) {
                let told = try AlipayTold(reply.content)
                guard try told.needed("trade_no").hasSameBytes(as: refund.payment.transaction) else {
                    return .unknown("the answer is about another trade")
                }
                if let trade = try told.text("out_trade_no"), let ours = GatewayNumber(trade), ours.order != order {
                    return .unknown("the answer is about another order's trade")
                }
                let total = try told.neededAmount("refund_fee")
                if try told.text("fund_change") == "Y" {
                    return total.amount >= refund.amount.amount ? .settled : .unknown("less went back than was asked for")
                }
            } catch {
                return .unknown("the answer cannot be read: \(error)")
            }
            return await found(refund, number) ?? .unknown("taken on; it is not through yet")
        case .told(let reply) where AlipayPayments.isDoubtful(reply): return .unknown(reply.words)
        case .told(let reply): return await found(refund, number) ?? .refused(reply.words)
        }
    }

    /// Whether nobody knows what was done: the platform's own failures, and codes of no business answer.
    private static func isDoubtful(_ reply: AlipayReply) -> Bool {
        reply.code != "40004" || ["ACQ.SYSTEM_ERROR", "ACQ.AOP_UNKNOW_ERROR", "aop.ACQ.SYSTEM_ERROR", "ACQ.REQUEST_PROCESSING"].contains(reply.subCode)
    }

    /// What became of a refund under this number; nil when the platform has none, or not for ten seconds yet.
    private func found(_ refund: Refund, _ number: String) async -> RefundNews? {
        let answer = await client.call(
            AlipayRequest(
                method: "alipay.trade.fastpay.refund.query",
                content: ["trade_no": .string(refund.payment.transaction), "out_request_no": .string(number)]))
        switch answer {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone:
            do throws(ValidationFailure) { return try AlipayPayments.outcome(of: refund, number, try AlipayTold(reply.content)) } catch {
                return .unknown("the answer cannot be read: \(error)")
            }
        case .told(let reply) where ["ACQ.TRADE_NOT_EXIST", "ACQ.REFUND_NOT_EXIST", "TRADE_NOT_EXIST"].contains(reply.subCode): return nil
        case .told(let reply): return .unknown(reply.words)
        }
    }

    /// `10000` only says that the question worked: the refund is there when it says so, or names itself and its amount.
    private static func outcome(of refund: Refund, _ number: String, _ told: AlipayTold) throws(ValidationFailure) -> RefundNews? {
        guard let request = try told.text("out_request_no"), let amount = try told.amount("refund_amount") else { return nil }
        let trade = try told.text("trade_no")
        guard request.hasSameBytes(as: number), trade == nil || trade == refund.payment.transaction else {
            return .unknown("the answer is about another refund")
        }
        guard amount == refund.amount else { return .unknown("a refund of \(amount) has this number already") }
        switch try told.text("refund_status") {
        case nil, "REFUND_SUCCESS": return .settled
        case let status?: return .unknown("the refund is \(status.prefix(40))")
        }
    }
}
