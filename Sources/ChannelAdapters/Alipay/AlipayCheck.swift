import Commerce

/// Tries an account's keys by asking after a trade that nobody has.
struct AlipayCheck: GatewayCheck {
    let client: AlipayClient

    private static let skewMax = Duration.seconds(300)

    func check() async -> GatewayHealth {
        let question = AlipayRequest(method: "alipay.trade.query", content: ["out_trade_no": "heyi-check-a0"])
        switch await client.call(question) {
        case .nothing(let reason) where reason.contains("not signed with a key"):
            return GatewayHealth(
                .broken,
                "Alipay answers, and not with a key that is configured: alipay_public_keys must be Alipay's key for this application, not the application's own (with certificates: alipay_certificates)"
            )
        case .nothing(let reason) where reason.contains("encrypted"):
            return GatewayHealth(.broken, "the answer does not open with content_key: it must be the key of the console's page on encryption")
        case .nothing(let reason): return GatewayHealth(.doubtful, "no usable answer: \(reason)")
        case .unproven(let reply): return AlipayCheck.refusal(reply) ?? GatewayHealth(.broken, "Alipay refuses, and says so unsigned: \(reply.words)")
        case .told(let reply) where reply.isDone || reply.subCode == "ACQ.TRADE_NOT_EXIST": return aged(reply)
        case .told(let reply): return AlipayCheck.refusal(reply) ?? GatewayHealth(.doubtful, "Alipay answers: \(reply.words)")
        }
    }

    /// All keys work; what else is not as it should be.
    private func aged(_ reply: AlipayReply) -> GatewayHealth {
        let now = client.surroundings.time.now()
        if let theirs = reply.at, abs((theirs - now).milliseconds) > AlipayCheck.skewMax.milliseconds {
            return GatewayHealth(.doubtful, "all keys work, and the clock here is \(abs((theirs - now).milliseconds) / 1_000) s off Alipay's: set it")
        }
        if let ends = client.account.certificates?.appEnds, ends < now + .seconds(30 * 86_400) {
            return ends < now
                ? GatewayHealth(.broken, "app_certificate is no longer valid: renew it in Alipay's console")
                : GatewayHealth(.doubtful, "all keys work, and app_certificate ends on \(CalendarDay(at: ends, offset: BeijingTime.offset)): renew it")
        }
        return GatewayHealth(.fine, "application \(client.account.appID): both sides' keys work")
    }

    private static func refusal(_ reply: AlipayReply) -> GatewayHealth? {
        let advice: String
        switch reply.subCode {
        case "isv.invalid-app-id", "isv.missing-app-id": advice = "app_id is no application that Alipay knows at this endpoint"
        case "isv.invalid-signature", "isv.missing-signature", "isv.invalid-signature-type":
            advice = "app_private_key (or sign_type) is not the one whose public half the application has in Alipay's console"
        case "isv.invalid-timestamp", "isv.missing-timestamp": advice = "the clock here is wrong: set it"
        case let code where code.contains("cert"):
            advice = "the certificates do not fit: app_certificate and alipay_root_certificate must be those of the console (\(code.prefix(60)))"
        case let code where code.contains("encrypt"): advice = "content_key, or whether it is used, differs from the console's page on encryption"
        case let code where code.contains("permission"): advice = "the application has not this product: sign for it in Alipay's console"
        default: return nil
        }
        return GatewayHealth(.broken, advice)
    }
}
