import Commerce

/// An account at this platform, its settings read and found fit.
struct AlipayAccount: Sendable {
    static let settings: [GatewaySetting] = [
        GatewaySetting("app_id", required: true, purpose: "The application's number, such as 2021001161683774."),
        GatewaySetting("seller_id", required: true, purpose: "Whom the money goes to: 2088 and twelve digits more."),
        GatewaySetting("app_private_key", .secret, required: true, purpose: "The application's RSA private key, PEM or base64."),
        GatewaySetting("alipay_public_keys", .secrets, purpose: "Alipay's RSA public keys for this application; not with certificates."),
        GatewaySetting("app_certificate", .secret, purpose: "The application's certificate; with it the account is in certificate mode."),
        GatewaySetting("alipay_certificates", .secrets, purpose: "Alipay's certificates (RSA2), each with its authority behind it if need be."),
        GatewaySetting("alipay_root_certificate", .secret, purpose: "Alipay's bundle of roots."),
        GatewaySetting("content_key", .secret, purpose: "The AES key that encrypts what is said, in base64; plain when left out."),
        GatewaySetting("sign_type", purpose: "RSA2, or RSA where the application still signs so; RSA2 when left out."),
        GatewaySetting("way", purpose: "How buyers pay unless they say: page, wap, app, qr or create; page when left out."),
        GatewaySetting("closing_margin", purpose: "Seconds after its end before a payment nobody began counts as closed; 120 when left out."),
        GatewaySetting("bill_hour", purpose: "The hour in Beijing from which a missing statement of yesterday means none; 12 when left out."),
    ]

    enum Way: String, CaseIterable, Sendable { case page, wap, app, qr, create }

    let id: ChannelID
    let appID: String
    let sellerID: String
    let privateKey: RSAPrivateKey
    let digest: RSADigest
    let keys: [(serial: String?, key: RSAPublicKey)]
    /// nil with plain keys.
    let certificates: AlipayCertificateNames?
    let trust: AlipayTrust
    let contentKey: AlipayContentKey?
    let way: Way
    let closingMargin: Duration
    let billHour: Int64
    let callbackURL: String?
    let url: String
    let addresses: AddressPolicy

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id
        appID = try AlipayAccount.digits(account, "app_id")
        sellerID = try AlipayAccount.digits(account, "seller_id")
        let key = try account.requiredSecret("app_private_key")
        do throws(RSAKeyFault) { privateKey = try RSAPrivateKey(key) } catch { throw GatewayFault("app_private_key", error.reason) }
        switch account.settings["sign_type"] ?? "RSA2" {
        case "RSA2": digest = .sha256
        case "RSA": digest = .sha1
        default: throw GatewayFault("sign_type", "must be RSA2 or RSA")
        }
        (keys, certificates, trust) = try AlipayAccount.identity(account)
        contentKey = if let secret = account.secrets["content_key"]?.first { try AlipayContentKey(secret) } else { nil }
        guard let way = Way(rawValue: account.settings["way"] ?? Way.page.rawValue) else {
            throw GatewayFault("way", "must be \(Way.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.way = way
        closingMargin = .seconds(try AlipayAccount.number(account, "closing_margin", usual: 120, in: 0...86_400))
        billHour = try AlipayAccount.number(account, "bill_hour", usual: 12, in: 0...23)
        callbackURL = account.callbackURL
        (url, addresses) = account.endpoint("https://openapi.alipay.com/gateway.do")
    }

    private static func digits(_ account: GatewayAccount, _ name: String) throws(GatewayFault) -> String {
        let text = try account.required(name)
        guard text.utf8.count <= 32, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw GatewayFault(name, "must be digits") }
        return text
    }

    private static func number(
        _ account: GatewayAccount, _ name: String, usual: Int64, in range: ClosedRange<Int64>
    ) throws(GatewayFault) -> Int64 {
        guard let text = account.settings[name] else { return usual }
        guard let number = Int64(text), range.contains(number) else {
            throw GatewayFault(name, "must be \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        let client = AlipayClient(account: self, keys: AlipayKeyRing(keys), transport: transport, surroundings: surroundings)
        var gateway = Gateway(account: id, kind: .alipay)
        gateway.payments = AlipayPayments(client: client)
        gateway.callbacks = AlipayNotifications(account: self, keys: client.keys)
        gateway.bills = AlipayBills(client: client)
        gateway.check = AlipayCheck(client: client)
        return gateway
    }
}
