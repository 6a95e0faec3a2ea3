package import ChannelAdapters
package import Commerce
import Synchronization

extension AlipaySimulator {
    package func dueCallbacks(at now: Timestamp) -> [SimulatedCallback] {
        books.withLock { $0.callbacks.take(at: now) }
    }

    package func callbackAnswered(_ id: Int64, by answer: HTTPResponse?, at now: Timestamp) {
        // Seven bytes and nothing else.
        let isSuccess = answer.map { $0.status == 200 && $0.body == Array("success".utf8) } ?? false
        books.withLock { $0.callbacks.answered(id, wasSuccess: isSuccess, at: now) }
    }

    /// Queues what the merchant is told of a trade as it stands.
    func tell(_ trade: AlipayBookedTrade, refund: String? = nil, _ books: inout AlipayBooks, at now: Timestamp) {
        guard let url = trade.notifyURL, !url.isEmpty, !chance(books.dials.callbackLost) else { return }
        let event = "\(BeijingTime.inBills(now).prefix(10).filter { $0 != "-" })00222\(String(books.next() + 100_000_000))"
        var fields = AlipaySimulator.fields(of: trade, refund: refund, event: event, at: now)
        if chance(books.dials.callbackForeign) { fields["app_id"] = "2021000000000001" }
        if chance(books.dials.callbackOtherAmount) { fields["total_amount"] = Money(amount: trade.total + 100, currency: .yuan).decimal }
        let isTampered = chance(books.dials.callbackTampered)
        let key = books.keys.signing
        if let serial = key.serial { fields["alipay_cert_sn"] = serial }
        let latest = books.dials.callbackDelayMax.milliseconds
        for copy in 0..<books.dials.callbackCopies {
            let delay = latest > 0 ? Int64(surroundings.random.next() % UInt64(latest + 1)) : 0
            books.callbacks.add(due: now + .milliseconds(delay), repeats: copy == 0, isHeld: books.dials.callbackHeld) { [fields] _ in
                AlipaySimulator.request(fields, key: key.key, url: url, isTampered: isTampered)
            }
        }
    }

    /// The fields of a notification as it was sent.
    package static func notified(_ body: [UInt8]) -> [String: String] { AlipayWire.fields(String(decoding: body, as: UTF8.self)) }

    /// A notification, signed with any key, for tests that forge them.
    package static func request(_ fields: [String: String], key: RSAPrivateKey, url: String, isTampered: Bool = false) -> HTTPRequest {
        var sent = fields
        sent["sign"] = AlipayWire.signature(AlipayWire.signed(fields, without: ["sign", "sign_type"]), key)
        sent["sign_type"] = "RSA2"
        if isTampered { sent["total_amount"] = "0.01" }
        let body = AlipayWire.form(sent.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        return HTTPRequest(
            method: .post, url: url, headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")], body: Array(body.utf8),
            timeout: .seconds(10), responseBytesMax: 1 << 16, addresses: .privateToo)
    }

    private static func fields(of trade: AlipayBookedTrade, refund: String?, event: String, at now: Timestamp) -> [String: String] {
        let total = Money(amount: trade.total, currency: .yuan).decimal
        var fields = [
            "notify_id": event, "notify_type": "trade_status_sync", "notify_time": BeijingTime.inBills(now), "app_id": appID, "auth_app_id": appID,
            "seller_id": sellerID, "charset": "utf-8", "version": "1.0", "trade_no": trade.transaction, "out_trade_no": trade.number,
            "trade_status": trade.status, "total_amount": total, "subject": trade.subject, "gmt_create": BeijingTime.inBills(trade.created),
        ]
        if let paid = trade.paidAt {
            fields["gmt_payment"] = BeijingTime.inBills(paid)
            fields["receipt_amount"] = total
            fields["buyer_pay_amount"] = total
            fields["fund_bill_list"] = "[{\"amount\":\"\(total)\",\"fundChannel\":\"ALIPAYACCOUNT\"}]"
        }
        if let closed = trade.closedAt { fields["gmt_close"] = BeijingTime.inBills(closed) }
        if let refund {
            fields["refund_fee"] = Money(amount: trade.refunded, currency: .yuan).decimal
            fields["gmt_refund"] = BeijingTime.inBills(now) + ".123"
            fields["out_biz_no"] = refund
        }
        return fields
    }
}
