import Commerce

extension WeChatPayGateway {
    /// Asks first whether the number was sent before, for nobody here knows; then sends it, under the same number always.
    func refund(_ refund: Refund, of order: String) async -> RefundNews {
        let number = refund.numberAtGateway(ofOrder: order)
        guard number.utf8.count <= 64 else { return .refused("the number \(number) is longer than the 64 characters WeChat Pay takes") }
        switch await client.send(.get, "/v3/refund/domestic/refunds/\(number)") {
        case .done(let json): return news(json, refund, number)
        case .unsent(let reason), .unsure(let reason, _): return .unknown(reason)
        case .refused(let complaint):
            guard complaint.status == 404, complaint.code == "RESOURCE_NOT_EXISTS" else { return .unknown("\(complaint)") }
            return await send(refund, number)
        }
    }

    private func send(_ refund: Refund, _ number: String) async -> RefundNews {
        let total: Money
        switch await paid(refund.payment.transaction) {
        case .unknown(let reason): return .unknown(reason)
        case .refused(let reason): return .refused(reason)
        case .total(let amount): total = amount
        }
        guard total.currency == refund.amount.currency, (1...total.amount).contains(refund.amount.amount) else {
            return .refused("\(refund.amount) cannot be given back of a payment of \(total)")
        }
        let sums: [(String, JSON)] = [
            ("refund", .integer(refund.amount.amount)), ("total", .integer(total.amount)), ("currency", .string(total.currency.code)),
        ]
        var members: [(String, JSON)] = [
            ("transaction_id", .string(refund.payment.transaction)), ("out_refund_no", .string(number)),
            ("reason", .string(WeChatPayGateway.words(refund.reason))), ("amount", .object(JSONObject(sums))),
        ]
        if let notify = account.callbackURL { members.append(("notify_url", .string(notify))) }
        switch await client.send(.post, "/v3/refund/domestic/refunds", .object(JSONObject(members))) {
        case .done(let json): return news(json, refund, number)
        case .unsent(let reason), .unsure(let reason, _): return .unknown(reason)
        case .refused(let complaint): return .refused("\(complaint)")
        }
    }

    private enum Paid {
        case total(Money)
        case unknown(String)
        case refused(String)
    }

    /// What the payment as a whole was: the platform wants to be told with each refund.
    private func paid(_ transaction: String) async -> Paid {
        guard WeChatPayMembers.isCode(transaction, max: 64) else { return .refused("\(transaction.prefix(64)) is no number of a payment there") }
        let target = "/v3/pay/transactions/id/\(WeChatPayGateway.escaped(transaction))?mchid=\(account.merchant)"
        switch await client.send(.get, target) {
        case .unsent(let reason), .unsure(let reason, _): return .unknown(reason)
        case .refused(let complaint): return .refused("\(complaint)")
        case .done(let json):
            do throws(ValidationFailure) {
                let found = try WeChatPayTransaction(json)
                guard case .paid(let payment, _) = account.news(of: found, attempt: nil), payment.ref.transaction == transaction else {
                    return .unknown("the platform does not say that \(transaction) was paid to this account")
                }
                return .total(payment.amount)
            } catch { return .unknown("the answer cannot be read: \(error)") }
        }
    }

    private func news(_ json: JSON, _ refund: Refund, _ number: String) -> RefundNews {
        do throws(ValidationFailure) {
            let found = try WeChatPayRefund(json)
            guard found.number == number, found.transaction == refund.payment.transaction else {
                return .unknown("the answer is about another refund")
            }
            guard found.amount == refund.amount else {
                return .unknown("the platform has the refund \(number) as \(found.amount), not \(refund.amount): a person must look")
            }
            return found.news
        } catch { return .unknown("the answer cannot be read: \(error)") }
    }

    /// What the payer reads beside the money.
    private static func words(_ reason: Refund.Reason) -> String {
        switch reason {
        case .cancelled: "订单取消"
        case .surplus: "多付退还"
        case .afterSale: "售后退款"
        case .goodwill: "商家补偿"
        }
    }
}
