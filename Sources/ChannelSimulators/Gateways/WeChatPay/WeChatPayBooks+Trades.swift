import ChannelAdapters
import Commerce

extension WeChatPayBooks {
    /// Takes an order to pay; the same words under the same number are the same order.
    mutating func prepay(_ way: String, _ body: [UInt8], _ keys: WeChatPayKeyMaterial, at now: Timestamp) -> WeChatPayReply {
        guard ["jsapi", "native", "h5", "app"].contains(way) else { return .failure(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在") }
        guard let json = WeChatPayReply.json(body), json.object != nil else { return .failure(400, "PARAM_ERROR", "请求体不是JSON") }
        if let fault = WeChatPayBooks.fault(in: json, way, keys) { return .failure(400, "PARAM_ERROR", fault) }
        let number = json["out_trade_no"]?.string ?? ""
        if let known = trades[number] {
            switch known.state {
            case "NOTPAY" where known.words == json && known.way == way: return WeChatPayBooks.opened(known)
            case "SUCCESS", "REFUND": return .failure(400, "ORDERPAID", "该订单已支付")
            case "CLOSED": return .failure(400, "ORDER_CLOSED", "该订单已关闭")
            default: return .failure(403, "OUT_TRADE_NO_USED", "商户订单号重复")
            }
        }
        let trade = Trade(
            number: number, way: way, app: json["appid"]?.string ?? "", words: json, total: json["amount"]?["total"]?.integer ?? 0,
            payer: json["payer"]?["openid"]?.string, notify: json["notify_url"]?.string ?? "", description: json["description"]?.string ?? "",
            prepay: next("wx26112221580621e9b071c00d9e093b"), created: now,
            expires: json["time_expire"]?.string.flatMap(BeijingTime.instant))
        trades[number] = trade
        return WeChatPayBooks.opened(trade)
    }

    private static func fault(in json: JSON, _ way: String, _ keys: WeChatPayKeyMaterial) -> String? {
        func text(_ name: String, _ lengths: ClosedRange<Int>) -> Bool { json[name]?.string.map { lengths.contains($0.utf8.count) } ?? false }
        guard json["mchid"]?.string == keys.merchant else { return "商户号与签名不符" }
        guard text("appid", 1...32), text("description", 1...127) else { return "appid或description错误" }
        guard text("out_trade_no", 6...32), json["out_trade_no"]?.string?.utf8.allSatisfy({ byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || [0x5F, 0x2D, 0x2A].contains(byte)
        }) == true else { return "out_trade_no须为6至32个字符" }
        guard text("notify_url", 8...256), json["notify_url"]?.string?.contains("?") == false else { return "notify_url不可带参数" }
        guard let total = json["amount"]?["total"]?.integer, total > 0, json["amount"]?["currency"]?.string ?? "CNY" == "CNY" else { return "订单金额错误" }
        if let time = json["time_expire"], time.string.flatMap(BeijingTime.instant) == nil { return "time_expire格式错误" }
        if way == "jsapi", json["payer"]?["openid"]?.string?.isEmpty != false { return "缺少openid" }
        if way == "h5", json["scene_info"]?["payer_client_ip"]?.string == nil || json["scene_info"]?["h5_info"]?["type"]?.string == nil {
            return "缺少scene_info"
        }
        return nil
    }

    private static func opened(_ trade: Trade) -> WeChatPayReply {
        switch trade.way {
        case "native": .ok(["code_url": .string("weixin://wxpay/bizpayurl?pr=\(trade.prepay)")])
        case "h5": .ok(["h5_url": .string("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=\(trade.prepay)&package=1037687096")])
        default: .ok(["prepay_id": .string(trade.prepay)])
        }
    }

    func look(_ kind: String, _ number: String, _ query: [String: String], _ keys: WeChatPayKeyMaterial) -> WeChatPayReply {
        guard query["mchid"] == keys.merchant else { return .failure(400, "PARAM_ERROR", "缺少mchid") }
        guard let trade = kind == "id" ? trade(ofTransaction: number) : trades[number] else { return .failure(404, "ORDER_NOT_EXIST", "订单不存在") }
        return .ok(content(trade, keys))
    }

    func content(_ trade: Trade, _ keys: WeChatPayKeyMaterial, total: Int64? = nil, merchant: String? = nil) -> JSON {
        let kind = ["native": "NATIVE", "h5": "MWEB", "app": "APP"][trade.way] ?? "JSAPI"
        let state = trade.isTyping && trade.state == "NOTPAY" ? "USERPAYING" : trade.state
        var members: [(String, JSON)] = [
            ("mchid", .string(merchant ?? keys.merchant)), ("appid", .string(trade.app)), ("out_trade_no", .string(trade.number)),
            ("trade_type", .string(kind)), ("trade_state", .string(state)), ("trade_state_desc", "状态说明"), ("attach", ""),
        ]
        guard let transaction = trade.transaction, let at = trade.paidAt else { return .object(JSONObject(members)) }
        members += [
            ("transaction_id", .string(transaction)), ("bank_type", "OTHERS"), ("success_time", .string(BeijingTime.written(at))),
            ("payer", .object(JSONObject([("openid", .string(trade.payer ?? "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"))]))),
            (
                "amount",
                [
                    "total": .integer(total ?? trade.paid), "payer_total": .integer(total ?? trade.paid), "currency": "CNY",
                    "payer_currency": "CNY",
                ]
            ),
        ]
        return .object(JSONObject(members))
    }

    mutating func close(_ number: String, _ body: [UInt8], _ keys: WeChatPayKeyMaterial) -> WeChatPayReply {
        guard WeChatPayReply.json(body)?["mchid"]?.string == keys.merchant else { return .failure(400, "PARAM_ERROR", "缺少mchid") }
        guard let trade = trades[number] else { return .failure(404, "ORDERNOTEXIST", "订单不存在") }
        if trade.isTyping { return .failure(400, "USERPAYING", "用户支付中，请稍后再试") }
        switch trade.state {
        case "NOTPAY":
            trades[number]?.state = "CLOSED"
            return .noContent
        case "CLOSED": return .failure(400, "ORDER_CLOSED", "订单已关闭")
        default: return .failure(400, "ORDERPAID", "订单已支付")
        }
    }

    mutating func refund(_ body: [UInt8], at now: Timestamp, _ signer: WeChatPaySigner, _ surroundings: Surroundings) -> WeChatPayReply {
        guard let json = WeChatPayReply.json(body), let number = json["out_refund_no"]?.string, (1...64).contains(number.utf8.count),
            let amount = json["amount"]?["refund"]?.integer, let total = json["amount"]?["total"]?.integer,
            json["amount"]?["currency"]?.string == "CNY"
        else { return .failure(400, "PARAM_ERROR", "参数错误") }
        let trade = json["transaction_id"]?.string.map { self.trade(ofTransaction: $0) } ?? json["out_trade_no"]?.string.flatMap { trades[$0] }
        guard let trade, let transaction = trade.transaction else { return .failure(404, "RESOURCE_NOT_EXISTS", "订单不存在") }
        if let known = refunds[number] {
            guard known.amount == amount, known.transaction == transaction else { return .failure(400, "INVALID_REQUEST", "商户退款单号已存在，且参数不一致") }
            return .ok(content(known))
        }
        guard total == trade.paid, amount > 0 else { return .failure(400, "PARAM_ERROR", "订单金额不一致") }
        guard promised(of: transaction) + amount <= trade.paid else { return .failure(403, "TRADE_ERROR", "申请退款金额大于可退金额") }
        let others = refunds.values.filter { $0.transaction == transaction }
        guard others.count < 50 else { return .failure(400, "INVALID_REQUEST", "部分退款不得超过50次") }
        if let last = others.map(\.created).max(), now - last < refundPause { return .failure(429, "FREQUENCY_LIMITED", "退款过于频繁") }
        refunds[number] = Given(
            number: number, reference: next("50000000382019052709732"), transaction: transaction, amount: amount, total: total,
            notify: json["notify_url"]?.string, created: now, due: now + dials.refundTakes)
        if trades[trade.number]?.state == "SUCCESS" { trades[trade.number]?.state = "REFUND" }
        advance(to: now, signer, surroundings)
        return refunds[number].map { .ok(content($0)) } ?? .systemError
    }

    func lookRefund(_ number: String) -> WeChatPayReply {
        refunds[number].map { .ok(content($0)) } ?? .failure(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    }

    private func content(_ refund: Given) -> JSON {
        var members: [(String, JSON)] = [
            ("refund_id", .string(refund.reference)), ("out_refund_no", .string(refund.number)), ("transaction_id", .string(refund.transaction)),
            ("out_trade_no", .string(trade(ofTransaction: refund.transaction)?.number ?? "")), ("channel", "ORIGINAL"),
            ("user_received_account", "支付用户零钱"), ("create_time", .string(BeijingTime.written(refund.created))),
            ("status", .string(refund.status)), ("amount", WeChatPayBooks.sums(refund, currency: true)),
        ]
        if let done = refund.doneAt { members.append(("success_time", .string(BeijingTime.written(done)))) }
        return .object(JSONObject(members))
    }
}
