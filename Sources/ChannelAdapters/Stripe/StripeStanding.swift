import Commerce

/// How a payment stands at Stripe, whether it was made as an intent or as a page of theirs.
enum StripeStanding: Hashable, Sendable {
    /// The payer may pay, or try again.
    case waiting
    /// A bank is at it; it cannot be called off now.
    case processing
    /// The payer did his part; the money is to be collected.
    case authorised
    case closed
    /// `transaction` is the intent's id, whichever object tells it.
    case paid(Money, transaction: String, at: Timestamp)

    /// - Parameter time: when it was paid, where the object does not carry its charge in full.
    static func intent(_ object: StripeObject, _ amounts: StripeAmounts, at time: Timestamp? = nil) throws(ValidationFailure) -> StripeStanding {
        let id = try object.id()
        switch try object.text("status") {
        case "requires_payment_method", "requires_confirmation", "requires_action": return .waiting
        case "processing": return .processing
        case "requires_capture": return .authorised
        case "canceled": return .closed
        case "succeeded":
            return .paid(try object.money("amount_received", amounts), transaction: id, at: try paidAt(object, time))
        case let word: throw object.fail("status", "\"\(StripeWords.plain(word, max: 40))\" is not a word we know")
        }
    }

    static func session(_ object: StripeObject, _ amounts: StripeAmounts, at time: Timestamp? = nil) throws(ValidationFailure) -> StripeStanding {
        _ = try object.id()
        let status = try object.text("status")
        guard ["open", "complete", "expired"].contains(status) else {
            throw object.fail("status", "\"\(StripeWords.plain(status, max: 40))\" is not a word we know")
        }
        switch try object.text("payment_status") {
        case "paid":
            // The intent in full knows what was really received; in an event there is its id alone.
            if case .object = object["payment_intent"] { return try intent(try object.object("payment_intent"), amounts, at: time) }
            return .paid(
                try object.money("amount_total", amounts), transaction: try object.id("payment_intent"), at: try paidAt(object, time))
        case "unpaid", "no_payment_required":
            if status == "expired" { return .closed }
            guard status == "complete" else { return .waiting }
            if case .object = object["payment_intent"] { return try intent(try object.object("payment_intent"), amounts, at: time) }
            return .processing
        case let word: throw object.fail("payment_status", "\"\(StripeWords.plain(word, max: 40))\" is not a word we know")
        }
    }

    private static func paidAt(_ object: StripeObject, _ time: Timestamp?) throws(ValidationFailure) -> Timestamp {
        if case .object = object["latest_charge"] { return try object.object("latest_charge").time("created") }
        if let time { return time }
        return try object.time("created")
    }

    /// The same as news of an attempt.
    func news(gateway: String, attempt: EntityID) -> AttemptNews {
        switch self {
        case .waiting, .processing, .authorised: .open
        case .closed: .closed
        case .paid(let money, let transaction, let at):
            .paid(Payment(ref: PaymentRef(gateway: gateway, transaction: transaction), attempt: attempt, amount: money), at: at)
        }
    }
}

extension RefundNews {
    /// What a refund's status says of it.
    init(stripe object: StripeObject) throws(ValidationFailure) {
        switch try object.text("status") {
        case "succeeded": self = .settled
        case "pending": self = .unknown("it is under way")
        case "requires_action": self = .unknown("the buyer has to do something first")
        case "canceled": self = .refused("it was called off at Stripe; the money has to go back another way")
        case "failed":
            let reason = StripeWords.plain(object["failure_reason"].string ?? "no reason is given", max: 100)
            self = .refused("it failed at the buyer's bank: \(reason); the money has to go back another way")
        case let word: throw object.fail("status", "\"\(StripeWords.plain(word, max: 40))\" is not a word we know")
        }
    }
}
