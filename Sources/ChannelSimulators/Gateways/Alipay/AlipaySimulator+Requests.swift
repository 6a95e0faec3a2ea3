import ChannelAdapters
import Commerce
import Foundation

extension AlipaySimulator {
    /// Why a request is not even looked at; nobody signs that.
    func refusal(_ fields: [String: String], _ books: AlipayBooks, _ now: Timestamp) -> JSON? {
        func invalid(_ subCode: String, _ words: String) -> JSON { AlipaySimulator.failure("40002", "Invalid Arguments", subCode, words) }
        guard fields["app_id"] == AlipaySimulator.appID else { return invalid("isv.invalid-app-id", "无效的AppID参数") }
        if let app = books.keys.app, let root = books.keys.root {
            guard fields["app_cert_sn"] == app.serial else { return invalid("isv.invalid-app-cert-sn", "应用公钥证书SN不匹配") }
            guard fields["alipay_root_cert_sn"] == root.serial else { return invalid("isv.invalid-alipay-root-cert-sn", "支付宝根证书SN不匹配") }
        }
        guard let sign = fields["sign"].flatMap({ Data(base64Encoded: $0) }), fields["sign_type"] == "RSA2",
            books.keys.merchant.publicKey.verifies(Array(sign), of: AlipayWire.signed(fields, without: ["sign"]))
        else { return invalid("isv.invalid-signature", "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配") }
        guard let at = fields["timestamp"].flatMap(BeijingTime.moment), abs((at - now).milliseconds) < 86_400_000 else {
            return invalid("isv.invalid-timestamp", "非法的时间戳参数")
        }
        if contentKey != nil, fields["encrypt_type"] != "AES" { return invalid("isv.missing-encrypt-type", "缺少加密类型参数") }
        return nil
    }

    /// What a request is about; nil for what is no JSON.
    func content(_ fields: [String: String]) -> JSON? {
        let text = fields["biz_content"] ?? ""
        guard let plain = contentKey.map({ AlipayWire.opened(text, $0) }) ?? text else { return nil }
        do throws(JSONError) { return try JSON.parse(plain) } catch { return nil }
    }

    func perform(_ method: String, _ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard let content = content(fields) else { return AlipaySimulator.refused("ACQ.INVALID_PARAMETER", "参数无效") }
        switch method {
        case "alipay.trade.precreate": return precreate(content, fields, &books, now)
        case "alipay.trade.create": return create(content, fields, &books, now)
        case "alipay.trade.query": return query(content, books, now)
        case "alipay.trade.close": return close(content, &books, now)
        case "alipay.trade.cancel": return cancel(content, &books, now)
        case "alipay.trade.refund": return refund(content, &books, now)
        case "alipay.trade.fastpay.refund.query": return refundQuery(content, books, now)
        case "alipay.data.dataservice.bill.downloadurl.query": return statement(content, &books, now)
        case "alipay.open.app.alipaycert.download":
            guard let own = books.keys.own.first(where: { $0.serial != nil && $0.serial == content["alipay_cert_sn"]?.string }) else {
                return AlipaySimulator.refused("CERT_NOT_EXIST", "证书不存在")
            }
            return ["code": "10000", "msg": "Success", "alipay_cert_content": .string(Data(own.chain.utf8).base64EncodedString())]
        default: return AlipaySimulator.failure("40002", "Invalid Arguments", "isv.invalid-method", "不存在的方法名")
        }
    }

    /// The payer's browser comes to a page of `page.pay` or `wap.pay`.
    func visit(_ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) -> SimulatedOutcome {
        let outcome = refusal(fields, books, now) ?? content(fields).map { begin($0, fields, &books, now) } ?? AlipaySimulator.refused("ACQ.INVALID_PARAMETER", "参数无效")
        let words = outcome["code"]?.string == "10000" ? "cashier" : outcome["sub_code"]?.string ?? ""
        return .answered(HTTPResponse(status: 200, headers: [("content-type", "text/html;charset=utf-8")], body: Array("<html>\(words)</html>".utf8)))
    }

    /// Makes a trade, or finds the one of the same words.
    func begin(_ content: JSON, _ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard let number = content["out_trade_no"]?.string, (1...64).contains(number.utf8.count), let subject = content["subject"]?.string,
            !subject.contains(where: { "/=&".contains($0) }), let total = AlipaySimulator.fen(content["total_amount"]?.string), total > 0
        else { return AlipaySimulator.refused("ACQ.INVALID_PARAMETER", "参数无效") }
        let expires = content["time_expire"]?.string.flatMap(BeijingTime.moment)
        if let trade = books.trades[number] {
            switch trade.status {
            case "TRADE_CLOSED": return AlipaySimulator.refused("ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
            case "WAIT_BUYER_PAY":
                guard trade.total == total else { return AlipaySimulator.refused("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改") }
                return done(trade)
            default: return AlipaySimulator.refused("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
            }
        }
        if let expires, expires <= now { return AlipaySimulator.refused("ACQ.TRADE_HAS_CLOSE", "交易已经关闭") }
        let tail = String(books.next() + 1_000_000_000)
        let trade = AlipayBookedTrade(
            number: number, transaction: "\(BeijingTime.inBills(now).prefix(10).filter { $0 != "-" })2200142379\(tail)", subject: subject,
            notifyURL: fields["notify_url"], created: now, expires: expires, total: total)
        books.trades[number] = trade
        return done(trade)
    }

    private func done(_ trade: AlipayBookedTrade) -> JSON {
        ["code": "10000", "msg": "Success", "out_trade_no": .string(trade.number), "trade_no": .string(trade.transaction)]
    }

    private func precreate(_ content: JSON, _ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard let number = content["out_trade_no"]?.string, AlipaySimulator.fen(content["total_amount"]?.string) != nil else {
            return AlipaySimulator.refused("ACQ.INVALID_PARAMETER", "参数无效")
        }
        if let trade = books.trades[number], trade.status != "WAIT_BUYER_PAY" {
            return AlipaySimulator.refused(trade.status == "TRADE_CLOSED" ? "ACQ.TRADE_HAS_CLOSE" : "ACQ.TRADE_HAS_SUCCESS", "交易状态不合法")
        }
        books.codes[number] = fields
        return ["code": "10000", "msg": "Success", "out_trade_no": .string(number), "qr_code": .string("https://qr.alipay.com/bax\(number)")]
    }

    private func create(_ content: JSON, _ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard content["buyer_id"] != nil || content["buyer_open_id"] != nil else { return AlipaySimulator.refused("ACQ.INVALID_PARAMETER", "买家为空") }
        return begin(content, fields, &books, now)
    }

    private func query(_ content: JSON, _ books: AlipayBooks, _ now: Timestamp) -> JSON {
        guard let trade = books.trade(content) else { return AlipaySimulator.refused("ACQ.TRADE_NOT_EXIST", "交易不存在") }
        var members: [(String, JSON)] = [
            ("code", "10000"), ("msg", "Success"), ("out_trade_no", .string(trade.number)), ("trade_no", .string(trade.transaction)),
            ("trade_status", .string(trade.status)), ("total_amount", AlipaySimulator.yuan(trade.total)),
            ("buyer_logon_id", "185****2920"), ("buyer_pay_amount", AlipaySimulator.yuan(trade.paidAt == nil ? 0 : trade.total)),
        ]
        if let paid = trade.paidAt {
            members += [
                ("send_pay_date", .string(BeijingTime.inBills(paid))),
                ("fund_bill_list", [["amount": AlipaySimulator.yuan(trade.total), "fund_channel": "ALIPAYACCOUNT"]]),
            ]
        }
        return .object(JSONObject(members))
    }

    private func close(_ content: JSON, _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard let trade = books.trade(content) else { return AlipaySimulator.refused("ACQ.TRADE_NOT_EXIST", "交易不存在") }
        guard trade.status == "WAIT_BUYER_PAY" else { return AlipaySimulator.refused("ACQ.REASON_TRADE_STATUS_INVALID", "交易状态不合法") }
        books.trades[trade.number]?.status = "TRADE_CLOSED"
        books.trades[trade.number]?.closedAt = now
        return done(trade)
    }

    private func cancel(_ content: JSON, _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        var members: [(String, JSON)] = [("code", "10000"), ("msg", "Success"), ("retry_flag", "N")]
        if let number = content["out_trade_no"]?.string { members.append(("out_trade_no", .string(number))) }
        if let trade = books.trade(content) {
            members.append(("trade_no", .string(trade.transaction)))
            if trade.status == "WAIT_BUYER_PAY" {
                books.trades[trade.number]?.status = "TRADE_CLOSED"
                books.trades[trade.number]?.closedAt = now
                members.append(("action", "close"))
            } else if trade.status == "TRADE_SUCCESS" {
                giveBack(trade, trade.total - trade.refunded, request: trade.number, takes: .zero, byMerchant: true, &books, now)
                members.append(("action", "refund"))
            }
        }
        return .object(JSONObject(members))
    }
}
