import Commerce

extension AlipaySimulator {
    func refund(_ content: JSON, _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard let trade = books.trade(content) else { return AlipaySimulator.refused("ACQ.TRADE_NOT_EXIST", "交易不存在") }
        guard let amount = AlipaySimulator.fen(content["refund_amount"]?.string), amount > 0 else {
            return AlipaySimulator.refused("ACQ.INVALID_PARAMETER", "参数无效")
        }
        guard let request = content["out_request_no"]?.string ?? (amount == trade.total ? trade.number : nil) else {
            return AlipaySimulator.refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")
        }
        if let known = trade.refunds.first(where: { $0.request == request }) {
            guard known.amount == amount else { return AlipaySimulator.refused("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致") }
            return refunded(trade, change: "N", now)
        }
        guard trade.status == "TRADE_SUCCESS" else {
            return AlipaySimulator.refused(trade.status == "TRADE_FINISHED" ? "ACQ.TRADE_HAS_FINISHED" : "ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
        }
        if chance(books.dials.refuseRefunds) { return AlipaySimulator.refused("ACQ.SELLER_BALANCE_NOT_ENOUGH", "商户的支付宝账户中无足够的资金进行撤销") }
        guard trade.refunded + amount <= trade.total else { return AlipaySimulator.refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限") }
        let takes = books.dials.refundTakes
        let after = giveBack(trade, amount, request: request, takes: takes, byMerchant: true, &books, now)
        return refunded(after, change: takes == .zero ? "Y" : "N", now)
    }

    private func refunded(_ trade: AlipayBookedTrade, change: String, _ now: Timestamp) -> JSON {
        [
            "code": "10000", "msg": "Success", "out_trade_no": .string(trade.number), "trade_no": .string(trade.transaction),
            "fund_change": .string(change), "refund_fee": AlipaySimulator.yuan(trade.refunded), "buyer_logon_id": "185****2920",
        ]
    }

    /// Books a refund, and has it told when it is through.
    @discardableResult
    func giveBack(
        _ trade: AlipayBookedTrade, _ amount: Int64, request: String, takes: Duration, byMerchant: Bool, _ books: inout AlipayBooks, _ now: Timestamp
    ) -> AlipayBookedTrade {
        var after = trade
        after.refunds.append(.init(request: request, amount: amount, throughAt: now + takes, byMerchant: byMerchant))
        books.trades[trade.number] = after
        books.settle(at: now)
        var told = after
        told.status = after.refunded == after.total ? "TRADE_CLOSED" : "TRADE_SUCCESS"
        tell(told, refund: request, &books, at: now + takes)
        return after
    }

    func refundQuery(_ content: JSON, _ books: AlipayBooks, _ now: Timestamp) -> JSON {
        guard let trade = books.trade(content) else { return AlipaySimulator.refused("ACQ.TRADE_NOT_EXIST", "交易不存在") }
        var members: [(String, JSON)] = [("code", "10000"), ("msg", "Success")]
        // Nothing is said of a refund that is not through: the question worked, that is all.
        if let refund = trade.through(at: now).first(where: { $0.request == content["out_request_no"]?.string }) {
            members += [
                ("out_trade_no", .string(trade.number)), ("trade_no", .string(trade.transaction)), ("out_request_no", .string(refund.request)),
                ("refund_amount", AlipaySimulator.yuan(refund.amount)), ("total_amount", AlipaySimulator.yuan(trade.total)),
                ("refund_status", "REFUND_SUCCESS"),
            ]
        }
        return .object(JSONObject(members))
    }
}
