import Commerce

/// One event with the object it is about as it stood then.
struct StripeEvent: Sendable {
    let id: String
    let type: String
    let isLive: Bool
    let account: String?
    let created: Timestamp
    /// Under which key it was asked for, where a request brought it about.
    let key: String?
    let object: StripeObject

    init(_ body: [UInt8]) throws(ValidationFailure) {
        let json: JSON
        do { json = try JSON.parse(body) } catch { throw ValidationFailure(field: "", reason: error.description) }
        let event = StripeObject(json)
        guard case .object = json else { throw ValidationFailure(field: "", reason: "must be an object, got \(json.typeName)") }
        let kind = try event.text("object")
        // The other sort carries no object and would have to be fetched; endpoints are to be made for snapshots.
        guard kind != "v2.core.event" else { throw event.fail("object", "is a thin event; choose snapshot events for the endpoint") }
        guard kind == "event" else { throw event.fail("object", "must be event") }
        id = try event.id()
        guard id.utf8.count <= 200 else { throw event.fail("id", "is too long") }
        type = StripeWords.plain(try event.text("type"), max: 100)
        isLive = try event.flag("livemode")
        account = try event.reference("account")
        created = try event.time("created")
        key = event["request"]["idempotency_key"]?.string
        object = try event.object("data").object("object")
    }

    /// What it says; the same whenever it is read, and in whatever order events come.
    func news(gateway: String, _ amounts: StripeAmounts) throws(ValidationFailure) -> [GatewayNews] {
        let words = type.split(separator: ".")
        switch (words.first, words.dropFirst().first) {
        case ("payment_intent", _): return [try intent(gateway, amounts)]
        case ("checkout", "session"): return [try session(gateway, amounts)]
        case ("charge", "dispute"): return [try dispute(amounts)]
        case ("charge", "refund"), ("refund", _): return [try StripeEvent.refund(object, key: key, amounts)]
        case ("charge", "refunded"): return try refunds(amounts)
        default: return [.nothing(type)]
        }
    }

    private func intent(_ gateway: String, _ amounts: StripeAmounts) throws(ValidationFailure) -> GatewayNews {
        let standing = try StripeStanding.intent(object, amounts, at: created)
        let isPaid = if case .paid = standing { true } else { false }
        guard type != "payment_intent.succeeded" || isPaid else { throw object.fail("status", "is not what \(type) says") }
        guard type != "payment_intent.canceled" || standing == .closed else { throw object.fail("status", "is not what \(type) says") }
        return told(standing, gateway)
    }

    private func session(_ gateway: String, _ amounts: StripeAmounts) throws(ValidationFailure) -> GatewayNews {
        let standing = try StripeStanding.session(object, amounts, at: created)
        // The page is done with and the money did not come after all: it cannot be paid there any more.
        if type == "checkout.session.async_payment_failed", standing == .processing { return told(.closed, gateway) }
        return told(standing, gateway)
    }

    private func told(_ standing: StripeStanding, _ gateway: String) -> GatewayNews {
        guard let number = object.ourNumber, let ours = GatewayNumber(number) else { return .nothing("\(type) of a payment that is none of ours") }
        return .attempt(number: number, standing.news(gateway: gateway, attempt: ours.part))
    }

    /// Only older versions list a charge's refunds with it; newer tell each by an event of its own.
    private func refunds(_ amounts: StripeAmounts) throws(ValidationFailure) -> [GatewayNews] {
        guard case .object = object["refunds"] else { return [.nothing("\(type); each refund is told by itself")] }
        let list = try object.object("refunds").list("data")
        guard !list.isEmpty else { return [.nothing(type)] }
        var news: [GatewayNews] = []
        for refund in list { news.append(try StripeEvent.refund(refund, key: nil, amounts)) }
        return news
    }

    private static func refund(_ object: StripeObject, key: String?, _ amounts: StripeAmounts) throws(ValidationFailure) -> GatewayNews {
        let outcome = try RefundNews(stripe: object)
        if let number = object.ourNumber ?? number(ofKey: key) { return .refund(number: number, outcome) }
        let id = try object.id()
        // What is only under way may still fail, and then nothing was given back.
        guard outcome == .settled else { return .nothing("a refund by others that is not through: \(id)") }
        return .refundByOthers(transaction: try payment(of: object), reference: id, amount: try object.money("amount", amounts))
    }

    /// The number in a key of ours, for a refund whose metadata somebody emptied.
    private static func number(ofKey key: String?) -> String? {
        guard let key, key.hasPrefix(StripePlan.keyStart) else { return nil }
        let number = key.dropFirst(StripePlan.keyStart.count).prefix { $0 != "/" }
        return GatewayNumber(String(number))?.description
    }

    /// The intent's id; a charge's where there is no intent.
    static func payment(of object: StripeObject) throws(ValidationFailure) -> String {
        if let intent = try object.reference("payment_intent") { return intent }
        return try object.id("charge")
    }

    private func dispute(_ amounts: StripeAmounts) throws(ValidationFailure) -> GatewayNews {
        let stage: OrderDispute.Stage
        switch try object.text("status") {
        case "won": stage = .won
        case "lost": stage = .lost
        case "warning_closed", "prevented", "charge_refunded": stage = .closed
        default: stage = .opened
        }
        return .dispute(
            PaymentDispute(
                id: try object.id(), transaction: try StripeEvent.payment(of: object), amount: try object.money("amount", amounts),
                stage: stage, reason: StripeWords.plain(object["reason"].string ?? "", max: 100)))
    }
}
