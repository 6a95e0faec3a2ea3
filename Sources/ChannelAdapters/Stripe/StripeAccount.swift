import Commerce

/// An account at Stripe, its settings read and found fit.
struct StripeAccount: Sendable {
    static let settings: [GatewaySetting] = [
        GatewaySetting("secret_key", .secret, required: true, purpose: "The API key, sk_… or a restricted rk_…."),
        GatewaySetting(
            "webhook_secrets", .secrets,
            purpose: "The endpoint's signing secrets, whsec_…, the newest first; none when no callbacks are received."),
        GatewaySetting("publishable_key", purpose: "The key buyers' clients use, pk_…; handed to them with each payment."),
        GatewaySetting("account", purpose: "The account's own id, acct_…; callbacks that name another are refused."),
        GatewaySetting("livemode", purpose: "true or false; what the key begins with says it when left out."),
        GatewaySetting("api_version", purpose: "Sent as Stripe-Version; \(StripeAccount.usualVersion) when left out."),
        GatewaySetting("capture", purpose: "automatic, or manual: then what a payer authorised is collected when it is asked after."),
        GatewaySetting("payment_methods", purpose: "Stripe's words for ways to pay, separated by commas; card when left out."),
        GatewaySetting(
            "currency_decimals", purpose: "How many decimals Stripe's amounts have where that is not the usual, such as UGX:0 ISK:2."),
        GatewaySetting("lookback_days", purpose: "How far back payments are looked for by our number alone, 1 to 365; 30 when left out."),
        GatewaySetting("tolerance_seconds", purpose: "How old a callback's signature may be, 1 to 3600; 300 when left out."),
        GatewaySetting("statement_suffix", purpose: "What stands behind the merchant's name on the payer's statement, up to 22 letters."),
    ]
    /// What the maker's own clients send today; a setting, because accounts move between versions at their own time.
    static let usualVersion = "2026-10-28.endive"

    let id: ChannelID
    let key: Secret
    let webhookSecrets: [Secret]
    let publishableKey: String?
    let accountID: String?
    /// nil where neither a setting nor the key says so.
    let isLive: Bool?
    let version: String
    let capturesByHand: Bool
    let methods: [String]
    let amounts: StripeAmounts
    let lookback: Duration
    let tolerance: Duration
    let statementSuffix: String?
    let endpoint: (url: String, addresses: AddressPolicy)

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id
        key = try account.requiredSecret("secret_key")
        guard ["sk_", "rk_"].contains(where: key.revealed.hasPrefix), StripeAccount.isPrintable(key.revealed) else {
            throw GatewayFault("secret_key", "must begin with sk_ or rk_, in one line")
        }
        webhookSecrets = account.secrets["webhook_secrets"] ?? []
        for secret in webhookSecrets where !secret.revealed.hasPrefix("whsec_") || !StripeAccount.isPrintable(secret.revealed) {
            throw GatewayFault("webhook_secrets", "each must begin with whsec_, in one line")
        }
        publishableKey = try StripeAccount.text("publishable_key", of: account, beginning: "pk_")
        accountID = try StripeAccount.text("account", of: account, beginning: "acct_")
        isLive = try StripeAccount.choice("livemode", of: account, ["true": true, "false": false]) ?? StripeAccount.mode(of: key)
        version = try StripeAccount.text("api_version", of: account, beginning: "20") ?? StripeAccount.usualVersion
        capturesByHand = try StripeAccount.choice("capture", of: account, ["automatic": false, "manual": true]) ?? false
        methods = (account.settings["payment_methods"] ?? "card").split(separator: ",").map { $0.filter { $0 != " " } }
        guard !methods.isEmpty, methods.allSatisfy({ !$0.isEmpty && StripeAccount.isPrintable($0) }) else {
            throw GatewayFault("payment_methods", "must be words separated by commas, such as card")
        }
        amounts = try StripeAmounts(changes: account.settings["currency_decimals"] ?? "")
        lookback = .seconds(86_400 * (try StripeAccount.number("lookback_days", of: account, in: 1...365) ?? 30))
        tolerance = .seconds(try StripeAccount.number("tolerance_seconds", of: account, in: 1...3_600) ?? 300)
        statementSuffix = account.settings["statement_suffix"].flatMap { $0.isEmpty ? nil : $0 }
        if let suffix = statementSuffix, suffix.utf8.count > 22 { throw GatewayFault("statement_suffix", "has more than 22 bytes") }
        endpoint = account.endpoint("https://api.stripe.com")
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        let exchange = StripeExchange(account: self, transport: transport)
        let callbacks = StripeCallbacks(account: self)
        var gateway = Gateway(account: id, kind: .stripe)
        gateway.payments = StripePayments(account: self, exchange: exchange, surroundings: surroundings)
        gateway.callbacks = webhookSecrets.isEmpty ? nil : callbacks
        gateway.bills = StripeBills(account: self, exchange: exchange, surroundings: surroundings)
        gateway.check = StripeCheck(account: self, exchange: exchange, surroundings: surroundings)
        return gateway
    }

    /// Test keys say so in their second word.
    private static func mode(of key: Secret) -> Bool? {
        let word = key.revealed.dropFirst(3)
        return word.hasPrefix("test_") ? false : word.hasPrefix("live_") ? true : nil
    }

    private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { (0x21...0x7E).contains($0) } }

    private static func text(_ name: String, of account: GatewayAccount, beginning start: String) throws(GatewayFault) -> String? {
        guard let text = account.settings[name], !text.isEmpty else { return nil }
        guard text.hasPrefix(start), isPrintable(text) else { throw GatewayFault(name, "must begin with \(start)") }
        return text
    }

    private static func choice(_ name: String, of account: GatewayAccount, _ words: [String: Bool]) throws(GatewayFault) -> Bool? {
        guard let text = account.settings[name], !text.isEmpty else { return nil }
        guard let choice = words[text] else { throw GatewayFault(name, "must be \(words.keys.sorted().joined(separator: " or "))") }
        return choice
    }

    private static func number(
        _ name: String, of account: GatewayAccount, in range: ClosedRange<Int64>
    ) throws(GatewayFault) -> Int64? {
        guard let text = account.settings[name], !text.isEmpty else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw GatewayFault(name, "must be \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }
}
