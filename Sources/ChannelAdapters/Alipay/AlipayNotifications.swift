import Commerce

/// Proves and reads the platform's notifications about trades.
struct AlipayNotifications: CallbackReceiver {
    let account: AlipayAccount
    let keys: AlipayKeyRing

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        guard callback.method == "POST" else { throw .malformed(field: "method", reason: "must be POST") }
        let form: AlipayForm
        do throws(ValidationFailure) { form = try AlipayForm(callback.body) } catch {
            throw .malformed(field: error.field, reason: error.reason)
        }
        if let name = form.ambiguous { throw .malformed(field: name, reason: "holds what could be a field of its own") }
        guard let sign = form.ascii("sign"), let signature = [UInt8](base64: sign), !signature.isEmpty else {
            throw .malformed(field: "sign", reason: "is missing, or no base64")
        }
        let digest: RSADigest
        switch form.ascii("sign_type") {
        case "RSA2": digest = .sha256
        case "RSA" where account.digest == .sha1: digest = .sha1
        default: throw .malformed(field: "sign_type", reason: "is not the one of this account")
        }
        try prove(form, signature, digest)
        try compare(form)
        guard let event = form.ascii("notify_id"), (1...200).contains(event.utf8.count), event.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .malformed(field: "notify_id", reason: "must be 1 to 200 printable ASCII characters") }
        return .keep(event)
    }

    /// Trades are signed without `sign_type`, some services' messages with it; fields without a value are signed as
    /// received, or not at all. Nothing says which, so each is tried; all of them cover every field that has a value.
    private func prove(_ form: AlipayForm, _ signature: [UInt8], _ digest: RSADigest) throws(CallbackFault) {
        let serial = form.ascii("alipay_cert_sn")
        let keys = keys.keys(of: serial)
        if keys.isEmpty, let serial {
            self.keys.want(serial)
            throw .unknownKey("it was signed with the key of a certificate that is not known here yet")
        }
        let hasEmpty = form.fields.contains { $0.value.isEmpty }
        for dropsEmpty in hasEmpty ? [false, true] : [false] {
            for excluded in [["sign", "sign_type"], ["sign"]] as [Set<String>] {
                let signed = form.signedBytes(without: excluded, dropsEmpty: dropsEmpty)
                if keys.contains(where: { $0.verifies(signature, of: signed, digest) }) { return }
            }
        }
        throw .forged(reason: "no key of Alipay's that is known here made its signature")
    }

    private func compare(_ form: AlipayForm) throws(CallbackFault) {
        for (name, ours) in [("app_id", account.appID), ("seller_id", account.sellerID)] {
            guard let told = form.ascii(name), !told.isEmpty else { throw .malformed(field: name, reason: "is missing") }
            guard told.hasSameBytes(as: ours) else { throw .foreign(field: name, value: String(told.prefix(40))) }
        }
    }

    /// All that was signed but the time it was sent, which each telling has anew as it has a signature.
    func essence(of body: [UInt8]) -> [UInt8] {
        do throws(ValidationFailure) {
            return try AlipayForm(body).signedBytes(without: ["sign", "sign_type", "alipay_cert_sn", "notify_time"], dropsEmpty: true)
        } catch { return body }
    }

    /// `success`, seven bytes, or `fail`. What is set aside for a person is answered `success` too: it is durable, and
    /// telling it seven times more would tell nothing new.
    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        switch verdict {
        case .kept, .quarantined: .text("success")
        case .refused, .unavailable: .text("fail")
        }
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let told = try AlipayForm(body).told()
        let type = try told.needed("notify_type")
        guard type == "trade_status_sync" else { return [.nothing("a message of type \(ReportedValue(.string(type)).text(max: 40))")] }
        let trade = try AlipayTrade(told)
        guard let number = GatewayNumber(trade.number) else { return [.nothing("a trade under a number of somebody else's")] }
        var news: [GatewayNews] = [.attempt(number: trade.number, trade.news(gateway: account.id.text, attempt: number.part))]
        if let refund = try refund(told, of: trade, number) { news.append(refund) }
        return news
    }

    /// A refund has the trade told again as paid, with the refund's request in `out_biz_no` and, in `refund_fee`, all
    /// that went back so far. So the amount of somebody else's refund is the most it can be, not what it was.
    private func refund(_ told: AlipayTold, of trade: AlipayTrade, _ number: GatewayNumber) throws(ValidationFailure) -> GatewayNews? {
        guard let total = trade.refunded, total.amount > 0 else { return nil }
        guard total.amount <= trade.total.amount else {
            throw ValidationFailure(field: "refund_fee", reason: "is more than the trade's total_amount")
        }
        let request = try told.text("out_biz_no")
        if let request, !request.hasSameBytes(as: trade.number), let ours = GatewayNumber(request), ours.order == number.order {
            return .refund(number: request, .settled)
        }
        let reference = try told.neededName(request == nil ? "notify_id" : "out_biz_no", max: 200)
        return .refundByOthers(transaction: trade.transaction, reference: String(reference.prefix(64)), amount: total)
    }
}
