import Commerce

/// An account at this platform, its settings read and found fit.
struct Kuaidi100Account: Sendable {
    static let settings: [GatewaySetting] = [
        GatewaySetting("key", .secret, required: true, purpose: "The authorisation key of the account."),
        GatewaySetting("customer", purpose: "The customer number, which questions are signed with; without it nothing can be asked."),
        GatewaySetting("salts", .secrets, purpose: "What pushes are signed with; the first is given to new subscriptions, all verify."),
        QueryInterval.setting,
        GatewaySetting("international", purpose: "true has parcels followed abroad too, which costs more."),
        CarrierCodes.setting,
    ]

    let id: String
    let key: Secret
    let customer: String?
    let salts: [Secret]
    let queryInterval: Duration
    let isInternational: Bool
    let codes: CarrierCodes
    let callbackURL: String?
    let endpoint: String
    let addresses: AddressPolicy

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id.text
        key = try account.requiredSecret("key")
        customer = account.settings["customer"].flatMap { $0.isEmpty ? nil : $0 }
        salts = (account.secrets["salts"] ?? []).filter { !$0.revealed.isEmpty }
        queryInterval = try account.queryInterval()
        isInternational = account.settings["international"] == "true"
        codes = try CarrierCodes(account, platform: "kuaidi100") { $0.kuaidi100 }
        callbackURL = account.callbackURL
        guard callbackURL == nil || !salts.isEmpty else {
            throw GatewayFault("salts", "is required where pushes are received: without one anybody could send them")
        }
        (endpoint, addresses) = account.endpoint("https://poll.kuaidi100.com")
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        guard let account = ChannelID(id) else { throw GatewayFault("id", "is no name") }
        // A number that was given up cannot be subscribed to again for half an hour; the receiver hears of it first.
        let ended = RecentParcels(wait: .seconds(1_800))
        let tracker = Kuaidi100Tracker(
            account: self, exchange: TrackerExchange(transport: transport, addresses: addresses), time: surroundings.time, ended: ended)
        var gateway = Gateway(account: account, kind: .kuaidi100)
        gateway.parcels = tracker
        if !salts.isEmpty { gateway.callbacks = Kuaidi100Receiver(account: self, ended: ended) }
        gateway.check = Kuaidi100Check(tracker: tracker)
        return gateway
    }
}
