import Commerce

@testable import ChannelAdapters

extension FuzzTarget {
    /// Heads and bodies of callbacks at the door of each platform; those in the corpus are genuine, and none is but those.
    static let callbacks: [FuzzTarget] = [
        door("wechatpay-callback", .weChatPay, ["wechatpay-serial: ", "WECHATPAY/SIGNTEST/", "\"resource\":", "\"id\":\"EV-1\","]),
        door("alipay-callback", .alipay, ["%26", "%3D", "&total_amount=0.01", "%26total_amount%3D0.01", "&refund_fee=", "&sign_type=RSA2", "&x=", "&body="]),
        door("stripe-callback", .stripe, ["t=", ",v1=", ",v0=", "\"pending_webhooks\":0", "\"livemode\":true"]),
        door("kuaidi100-callback", .kuaidi100, ["&sign=", "&param=", "%0A", "%7B%7D", "+"]),
        door("kdniao-callback", .kdniao, ["&DataSign=", "&RequestData=", "&RequestType=107", "%0a", "+"]),
        door("17track-callback", .seventeenTrack, ["sign: ", "\"event\":\"TRACKING_STOPPED\""]),
        door("sf-callback", .sf, ["tail: ", "content=%3C", "<WaybillRoute ", "<!", "&amp;", "\"WaybillRoute\":[", "opCode=\"80\""], cost: 8),
    ]

    private static func door(_ name: String, _ kind: GatewayKind, _ dictionary: [String], cost: Int = 4) -> FuzzTarget {
        let door = SampleDoor(name, kind)
        return FuzzTarget(name: name, dictionary: dictionary, cost: cost, bytesMax: 8_192) { door.complaint(about: $0) }
    }

    /// What is within callbacks that are genuine, whatever it says: sealed here as the platform would seal it.
    static let content: [FuzzTarget] = [
        read("wechatpay-content", .weChatPay, ["\"total\":", "\"currency\":\"CNY\"", "\"refund_status\":\"SUCCESS\"", "\"trade_state\":\"REFUND\""]) { content in
            let cipher = WeChatPayCipher(key: SampleAccounts.apiV3Key)
            let type = content.first == UInt8(ascii: " ") ? "REFUND.SUCCESS" : "TRANSACTION.SUCCESS"
            do {
                let sealed = try cipher.seal(content, nonce: "0123456789ab", associated: "")
                let resource: JSON = ["algorithm": "AEAD_AES_256_GCM", "ciphertext": .string(sealed), "nonce": "0123456789ab"]
                let note: JSON = ["id": "EV-1", "event_type": .string(type), "resource": resource]
                return note.bytes
            } catch { return [] }
        },
        read("alipay-content", .alipay, ["&charset=gbk", "&refund_fee=", "&out_biz_no=", "TRADE_CLOSED", "gmt_payment=", "%C9%CC"]) { $0 },
        read("stripe-content", .stripe, ["\"amount\":", "\"currency\":\"jpy\"", "\"type\":\"charge.refunded\"", "\"status\":\"succeeded\"", "\"metadata\":{}"]) { $0 },
        read("kuaidi100-content", .kuaidi100, ["\"destResult\":{", "\"comNew\":\"", "\"status\":\"abort\"", "\"ischeck\":\"1\"", "\"data\":["]) {
            FormEscaping.form([("param", String(decoding: $0, as: UTF8.self))])
        },
        read("kdniao-content", .kdniao, ["\"Data\":[", "\"Traces\":[", "\"StateEx\":\"", "\"Success\":false"]) {
            FormEscaping.form([("RequestData", String(decoding: $0, as: UTF8.self))])
        },
        read("17track-content", .seventeenTrack, ["\"providers\":[", "\"time_utc\":", "\"sub_status\":", "\"carrier\":-1"]) { $0 },
    ]

    private static func read(
        _ name: String, _ kind: GatewayKind, _ dictionary: [String], wrapped: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> FuzzTarget {
        let receiver = Result { try SampleAccounts.gateway(kind).callbacks }
        return FuzzTarget(name: name, dictionary: dictionary, cost: 4, bytesMax: 4_096) { bytes in
            guard case .success(let receiver?) = receiver else { return "its account is not fit" }
            let body = wrapped(bytes)
            _ = receiver.essence(of: body)
            do throws(ValidationFailure) {
                let news = try receiver.read(body)
                return try receiver.read(body) == news ? Sound.complaint(news) : "read twice, it says two things"
            } catch { return Property.explained("\(error)", mayQuote: true) }
        }
    }
}
