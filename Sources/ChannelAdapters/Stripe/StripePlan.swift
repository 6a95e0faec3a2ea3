import Commerce

/// What Stripe is told of an attempt: the same words at every try, because a key is taken again only under those.
struct StripePlan: Sendable {
    enum Way: String, CaseIterable, Sendable {
        /// The buyer's client pays with a secret of the payment's own.
        case card
        /// The buyer goes to a page of Stripe's.
        case checkout

        var path: String {
            switch self {
            case .card: "/payment_intents"
            case .checkout: "/checkout/sessions"
            }
        }

        /// The charge is asked for with it: when it was paid stands only there.
        var expansion: String {
            switch self {
            case .card: "latest_charge"
            case .checkout: "payment_intent.latest_charge"
            }
        }
    }

    let way: Way
    let number: GatewayNumber
    private let members: [(String, StripeForm.Value?)]

    init(_ attempt: PaymentAttempt, of order: String, at account: StripeAccount) throws(ValidationFailure) {
        way = try StripePlan.way(attempt.terms.way)
        number = attempt.numberAtGateway(ofOrder: order)
        let amount = StripeForm.Value.number(try account.amounts.wire(attempt.amount))
        let currency = StripeForm.Value.text(attempt.amount.currency.code.lowercased())
        let metadata = StripeForm.Value.members([(StripeObject.numberName, .text(number.description))])
        let methods = StripeForm.Value.list(account.methods.map { .text($0) })
        let capture = StripeForm.Value.text(account.capturesByHand ? "manual" : "automatic")
        let description = attempt.terms.description.map { StripeForm.Value.text($0) }
        let suffix = account.statementSuffix.map { StripeForm.Value.text($0) }
        let customer = attempt.terms.payer.flatMap { $0.hasPrefix("cus_") ? StripeForm.Value.text($0) : nil }
        switch way {
        case .card:
            members = [
                ("amount", amount), ("currency", currency), ("capture_method", capture), ("payment_method_types", methods),
                ("description", description), ("customer", customer), ("statement_descriptor_suffix", suffix), ("metadata", metadata),
            ]
        case .checkout:
            guard let back = attempt.terms.returnURL else {
                throw ValidationFailure(field: "return_url", reason: "is required to pay at a page of Stripe's")
            }
            let product = StripeForm.Value.members([("name", .text(attempt.terms.description ?? order))])
            let price = StripeForm.Value.members([("currency", currency), ("unit_amount", amount), ("product_data", product)])
            let intent = [("capture_method", capture), ("description", description), ("statement_descriptor_suffix", suffix), ("metadata", metadata)]
            members = [
                ("mode", .text("payment")), ("line_items", .list([.members([("price_data", price), ("quantity", .number(1))])])),
                ("payment_method_types", methods), ("success_url", .text(back)), ("cancel_url", .text(back)),
                ("client_reference_id", .text(number.description)), ("customer", customer), ("metadata", metadata),
                ("payment_intent_data", .members(intent.compactMap { name, value in value.map { (name, $0) } })),
                // Whole seconds, rounded down: the page must not outlive the attempt.
                (StripePlan.expiry, attempt.terms.expires.map { .number($0.milliseconds / 1_000) }),
            ]
        }
    }

    static let expiry = "expires_at"

    static func way(_ word: String?) throws(ValidationFailure) -> Way {
        guard let word else { return .card }
        guard let way = Way(rawValue: word) else { throw ValidationFailure(field: "way", reason: "must be card or checkout here") }
        return way
    }

    var key: String { StripePlan.key(number.description) }
    var form: StripeForm { StripeForm(members) }
    /// Without an end of its own, under another key: a page may not be made for less than half an hour, and is ended by us then.
    var endless: (form: StripeForm, key: String) { (StripeForm(members.filter { $0.0 != StripePlan.expiry }), key + "/endless") }

    /// Ours can be told from everybody else's: whatever a key begins with otherwise may look like an order's number.
    static func key(_ number: String) -> String { keyStart + number }
    static let keyStart = "heyi/"
}
