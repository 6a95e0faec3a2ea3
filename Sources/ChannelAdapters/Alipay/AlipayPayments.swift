package import Commerce

/// Where buyers pay through Alipay and refunds go back.
///
/// Ways without a call to the platform (`page`, `wap`, `app`) are only signed here; no trade exists until the buyer
/// begins, and nobody can take back what he was given. So such an attempt, and a code (`qr`) nobody scanned, counts as
/// closed only when its end has passed by the margin that is configured. Until then ``close(_:of:)`` says that it is
/// open, which is the truth; an attempt without an end stays so until it is begun. Of a trade that is made by a call
/// (`create`) the buyer needs the number, and whoever has a number has a trade: there, no trade means closed for certain.
package struct AlipayPayments: PaymentGateway {
    let client: AlipayClient

    package var id: String { client.account.id.text }

    package func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        let number = attempt.numberAtGateway(ofOrder: order)
        switch await client.call(AlipayRequest(method: "alipay.trade.query", content: ["out_trade_no": .string(number.description)])) {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone: return trade(reply, number: number, attempt: attempt)
        case .told(let reply) where reply.subCode == "ACQ.TRADE_NOT_EXIST": return notBegun(attempt)
        case .told(let reply): return .unknown(reply.words)
        }
    }

    package func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        let number = attempt.numberAtGateway(ofOrder: order)
        switch await client.call(AlipayRequest(method: "alipay.trade.close", content: ["out_trade_no": .string(number.description)])) {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone:
            guard let told = reply.content["out_trade_no"]?.string, told.hasSameBytes(as: number.description) else {
                return .unknown("the answer is about another trade")
            }
            return .closed
        case .told(let reply) where reply.subCode == "ACQ.TRADE_NOT_EXIST":
            return (attempt.terms.way ?? client.account.way.rawValue) == AlipayAccount.Way.create.rawValue ? .closed : notBegun(attempt)
        // Paid, closed before, or in a state that forbids it: only the trade itself says which.
        case .told: return await ask(attempt, of: order)
        }
    }

    /// Undoes an attempt whatever became of it: closes it, or sends back all that was paid.
    ///
    /// For an operator's hand where nobody can make out what a buyer did. Nothing in the life of an order calls it: a
    /// payment that it sends back is one the order never heard of, and here it is not told of either.
    package func undo(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        let number = attempt.numberAtGateway(ofOrder: order)
        switch await client.call(AlipayRequest(method: "alipay.trade.cancel", content: ["out_trade_no": .string(number.description)])) {
        case .nothing(let reason): return .unknown(reason)
        case .unproven(let reply): return .unknown(reply.words)
        case .told(let reply) where reply.isDone && reply.content["retry_flag"]?.string != "Y": return await ask(attempt, of: order)
        case .told(let reply): return .unknown(reply.words)
        }
    }

    private func trade(_ reply: AlipayReply, number: GatewayNumber, attempt: PaymentAttempt) -> AttemptNews {
        do throws(ValidationFailure) {
            let told = try AlipayTold(reply.content)
            let trade = try AlipayTrade(told)
            guard trade.number.hasSameBytes(as: number.description) else { return .unknown("the answer is about another trade") }
            if let seller = try told.text("seller_id"), seller != client.account.sellerID {
                return .unknown("the answer is about another seller's trade")
            }
            return trade.news(gateway: id, attempt: attempt.id)
        } catch {
            return .unknown("the answer cannot be read: \(error)")
        }
    }

    /// No trade: the buyer has not begun, and may until its end.
    private func notBegun(_ attempt: PaymentAttempt) -> AttemptNews {
        guard let end = attempt.terms.expires, end + client.account.closingMargin < client.surroundings.time.now() else { return .open }
        return .closed
    }
}
