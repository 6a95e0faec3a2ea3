import Commerce

/// An account at this platform, its settings read and found fit.
struct SeventeenTrackAccount: Sendable {
    static let settings: [GatewaySetting] = [
        GatewaySetting("keys", .secrets, required: true, purpose: "The security key; the first is sent, all verify webhooks."),
        GatewaySetting("api_version", purpose: "v2.2 when left out."),
        CarrierCodes.setting,
    ]

    let id: String
    let keys: [Secret]
    let codes: CarrierCodes
    let isReached: Bool
    let endpoint: String
    let addresses: AddressPolicy

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id.text
        let first = try account.requiredSecret("keys")
        guard first.revealed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw GatewayFault("keys", "has visible ASCII characters only")
        }
        keys = (account.secrets["keys"] ?? []).filter { !$0.revealed.isEmpty }
        codes = try CarrierCodes(account, platform: "track17") { $0.seventeenTrack.map { String($0) } }
        isReached = account.callbackURL != nil
        let version = account.settings["api_version"] ?? "v2.2"
        guard version.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: ".") }) else {
            throw GatewayFault("api_version", "must be such as v2.2")
        }
        let base = account.endpoint("https://api.17track.net")
        endpoint = base.url + "/track/\(version)/"
        addresses = base.addresses
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        guard let account = ChannelID(id) else { throw GatewayFault("id", "is no name") }
        let tracker = SeventeenTrackTracker(account: self, exchange: TrackerExchange(transport: transport, addresses: addresses))
        var gateway = Gateway(account: account, kind: .seventeenTrack)
        gateway.parcels = tracker
        gateway.callbacks = SeventeenTrackReceiver(account: self)
        gateway.check = SeventeenTrackCheck(tracker: tracker)
        return gateway
    }

    /// Hexadecimal SHA-256 of the body as it came, a slash and the key.
    static func sign(_ body: [UInt8], key: String) -> String { WireDigest.hex(WireDigest.sha256(body + Array("/\(key)".utf8))) }
}
