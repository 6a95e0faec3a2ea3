import Commerce

/// An account at this platform, its settings read and found fit.
struct SFAccount: Sendable {
    static let settings: [GatewaySetting] = [
        GatewaySetting("partner_id", required: true, purpose: "The partner's number (partnerID, 顾客编码)."),
        GatewaySetting("checkword", .secret, required: true, purpose: "The check word, which questions are signed with."),
        GatewaySetting(
            "push_tokens", .secrets,
            purpose: "What ends the address given to SF for pushes, which it does not sign: 24 or more letters and digits each."),
        GatewaySetting("push_mode", purpose: "json when left out, or form: how pushes come, and so how they are answered."),
        GatewaySetting("pushes_all", purpose: "true when SF pushes all parcels of this account; otherwise each is asked after."),
        GatewaySetting("language", purpose: "Of the events: 0 Chinese when left out, 1 English, 2 traditional Chinese."),
        QueryInterval.setting,
    ]
    private static let tokenBytesMin = 24

    enum PushMode: String { case json, form }

    let id: String
    let partnerID: String
    let checkword: Secret
    let pushTokens: [Secret]
    let pushMode: PushMode
    let pushesAll: Bool
    let language: String
    let queryInterval: Duration
    let endpoint: String
    let addresses: AddressPolicy

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id.text
        partnerID = try account.required("partner_id")
        checkword = try account.requiredSecret("checkword")
        pushTokens = account.secrets["push_tokens"] ?? []
        for token in pushTokens {
            guard token.revealed.utf8.count >= SFAccount.tokenBytesMin,
                token.revealed.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) })
            else { throw GatewayFault("push_tokens", "must be \(SFAccount.tokenBytesMin) or more letters and digits each") }
        }
        guard let mode = PushMode(rawValue: account.settings["push_mode"] ?? "json") else {
            throw GatewayFault("push_mode", "must be json or form")
        }
        pushMode = mode
        pushesAll = account.settings["pushes_all"] == "true"
        guard !pushesAll || (account.callbackURL != nil && !pushTokens.isEmpty) else {
            throw GatewayFault("pushes_all", "needs push_tokens, and an address where SF reaches us")
        }
        language = account.settings["language"] ?? "0"
        guard ["0", "1", "2"].contains(language) else { throw GatewayFault("language", "must be 0, 1 or 2") }
        queryInterval = try account.queryInterval()
        (endpoint, addresses) = account.endpoint("https://sfapi.sf-express.com/std/service")
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        guard let account = ChannelID(id) else { throw GatewayFault("id", "is no name") }
        let tracker = SFTracker(
            account: self, exchange: TrackerExchange(transport: transport, addresses: addresses), surroundings: surroundings)
        var gateway = Gateway(account: account, kind: .sf)
        gateway.parcels = tracker
        if !pushTokens.isEmpty { gateway.callbacks = SFReceiver(account: self) }
        gateway.check = SFCheck(tracker: tracker)
        return gateway
    }

    /// Base64 of the MD5 of message, time and check word, one after the other and escaped; as Java escapes, unless said otherwise.
    static func digest(_ message: String, _ timestamp: String, checkword: String, escaping: FormEscaping = .java) -> String {
        WireDigest.base64(WireDigest.md5(escaping.escape(message + timestamp + checkword)))
    }
}
