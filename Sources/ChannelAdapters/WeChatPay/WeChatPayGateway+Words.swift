import Commerce

extension WeChatPayGateway {
    enum Words {
        case say(WeChatPayWay, JSON)
        case refused(String)
    }

    /// What the platform is told of an attempt: made of the attempt and the settings alone, so that each try says the same.
    func words(_ attempt: PaymentAttempt, of order: String) -> Words {
        let terms = attempt.terms
        let number = attempt.numberAtGateway(ofOrder: order).description
        guard GatewayNumber.attemptLengths.contains(number.utf8.count) else {
            return .refused("the number \(number) has \(number.utf8.count) characters; WeChat Pay takes 6 to 32")
        }
        guard let way = terms.way.map({ WeChatPayWay(rawValue: $0) }) ?? account.usualWay else {
            return .refused("no such way to pay by WeChat: \(terms.way ?? ""); there are \(WeChatPayWay.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard attempt.amount.currency == .yuan, attempt.amount.amount > 0 else {
            return .refused("WeChat Pay takes yuan, and more than none: \(attempt.amount)")
        }
        guard let notify = account.callbackURL else { return .refused("no address for callbacks is configured, and WeChat Pay needs one") }
        var members: [(String, JSON)] = [
            ("appid", .string(account.apps[way] ?? "")), ("mchid", .string(account.merchant)),
            ("description", .string(WeChatPayGateway.cut(terms.description ?? "订单 \(order)", bytes: 127))),
            ("out_trade_no", .string(number)), ("notify_url", .string(notify)),
            ("amount", .object(JSONObject([("total", .integer(attempt.amount.amount)), ("currency", "CNY")]))),
        ]
        if let expires = terms.expires { members.append(("time_expire", .string(BeijingTime.written(expires)))) }
        switch way {
        case .jsapi, .mini:
            guard let payer = terms.payer else { return .refused("the payer's openid is needed to pay by \(way.rawValue)") }
            members.append(("payer", .object(JSONObject([("openid", .string(payer))]))))
        case .h5:
            guard let address = terms.clientAddress else { return .refused("the address of the payer's browser is needed to pay by h5") }
            let browser = JSON.object(JSONObject([("type", .string(account.h5Type))]))
            members.append(("scene_info", .object(JSONObject([("payer_client_ip", .string(address)), ("h5_info", browser)]))))
        case .native, .app: break
        }
        return .say(way, .object(JSONObject(members)))
    }

    /// As much of a text as fits, in whole characters.
    static func cut(_ text: String, bytes: Int) -> String {
        var kept = text[...]
        while kept.utf8.count > bytes { kept.removeLast() }
        return String(kept)
    }
}
