import Commerce

/// An account at this platform, its settings read and found fit.
struct KdniaoAccount: Sendable {
    static let settings: [GatewaySetting] = [
        GatewaySetting("ebusiness_id", required: true, purpose: "The user's number (EBusinessID)."),
        GatewaySetting("app_keys", .secrets, required: true, purpose: "The API key; the first signs, all verify pushes."),
        GatewaySetting("query_type", purpose: "RequestType of a question: 1002 when left out, 8001 where that was bought."),
        GatewaySetting("subscribe_type", purpose: "RequestType of a subscription: 1008 when left out, 8008 where that was bought."),
        QueryInterval.setting,
        CarrierCodes.setting,
    ]

    let id: String
    let ebusinessID: String
    let appKeys: [Secret]
    let queryType: String
    let subscribeType: String
    let queryInterval: Duration
    let codes: CarrierCodes
    let isReached: Bool
    let endpoint: String
    let addresses: AddressPolicy

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id.text
        ebusinessID = try account.required("ebusiness_id")
        guard ebusinessID.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
            throw GatewayFault("ebusiness_id", "has visible ASCII characters only")
        }
        _ = try account.requiredSecret("app_keys")
        appKeys = (account.secrets["app_keys"] ?? []).filter { !$0.revealed.isEmpty }
        queryType = try KdniaoAccount.number(account, "query_type", "1002")
        subscribeType = try KdniaoAccount.number(account, "subscribe_type", "1008")
        queryInterval = try account.queryInterval()
        codes = try CarrierCodes(account, platform: "kdniao") { $0.kdniao }
        isReached = account.callbackURL != nil
        (endpoint, addresses) = account.endpoint("https://api.kdniao.com")
    }

    private static func number(_ account: GatewayAccount, _ name: String, _ usual: String) throws(GatewayFault) -> String {
        let text = account.settings[name] ?? usual
        guard Int64(text) != nil else { throw GatewayFault(name, "must be a number") }
        return text
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        guard let account = ChannelID(id) else { throw GatewayFault("id", "is no name") }
        let tracker = KdniaoTracker(
            account: self, exchange: TrackerExchange(transport: transport, addresses: addresses), time: surroundings.time)
        var gateway = Gateway(account: account, kind: .kdniao)
        gateway.parcels = tracker
        gateway.callbacks = KdniaoReceiver(account: self)
        gateway.check = KdniaoCheck(tracker: tracker)
        return gateway
    }

    /// Base64 of the lower-case hexadecimal text of the MD5 of the request and the key; of the text, not of the bytes.
    static func sign(_ requestData: String, key: String) -> String {
        WireDigest.base64(Array(WireDigest.hex(WireDigest.md5(requestData + key)).utf8))
    }
}
