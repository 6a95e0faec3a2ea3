import Commerce

/// Stripe's webhooks: whether they are genuine, whose they are, and how they are answered.
struct StripeCallbacks: CallbackReceiver {
    let account: StripeAccount
    private let signature: StripeSignature

    init(account: StripeAccount) {
        self.account = account
        signature = StripeSignature(secrets: account.webhookSecrets, tolerance: account.tolerance)
    }

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        guard callback.method == "POST" else { throw .malformed(field: "method", reason: "must be POST") }
        try signature.verify(callback.body, header: callback[StripeSignature.header], at: now)
        let event: StripeEvent
        do { event = try StripeEvent(callback.body) } catch { throw .malformed(field: error.field, reason: error.reason) }
        if let mine = account.isLive, event.isLive != mine { throw .foreign(field: "livemode", value: String(event.isLive)) }
        // Only a platform's events name an account; what an account tells itself does not.
        if let mine = account.accountID, let theirs = event.account, theirs != mine { throw .foreign(field: "account", value: theirs) }
        return .keep(event.id)
    }

    /// The event without the count of endpoints that have not heard it yet, which goes down as they do.
    func essence(of body: [UInt8]) -> [UInt8] {
        do throws(JSONError) {
            guard case .object(var members) = try JSON.parse(body) else { return body }
            members["pending_webhooks"] = nil
            return JSON.object(members).bytes
        } catch { return body }
    }

    /// Any 2xx ends Stripe's tries; anything else brings the event again for days.
    ///
    /// What is set aside for a person is taken too: telling it again would not make it any clearer. What is refused is
    /// told so with 400, because it may be our own secret that is wrong, and then it must come again.
    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        switch verdict {
        case .kept: .json(["received": true])
        case .quarantined: .json(["received": true, "note": "the event's id came with another body before; a person looks at both"])
        case .refused(let fault): .json(["error": .string(StripeCallbacks.words(fault))], status: 400)
        case .unavailable: .json(["error": "not kept; come again"], status: 503)
        }
    }

    private static func words(_ fault: CallbackFault) -> String {
        switch fault {
        case .malformed(let field, let reason): StripeWords.plain("\(field): \(reason)", max: 200)
        case .forged, .probe, .unknownKey: "the signature is not accepted"
        case .stale: "the signature is too old or from the future"
        case .foreign(let field, _): "\(field): not this account's"
        }
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        try StripeEvent(body).news(gateway: account.id.text, account.amounts)
    }
}
