import Commerce

/// Tries an account's key and what goes with it, without moving anything.
struct StripeCheck: GatewayCheck {
    let account: StripeAccount
    let exchange: StripeExchange
    let surroundings: Surroundings

    func check() async -> GatewayHealth {
        var doubts: [String] = []
        do throws(StripeFault) {
            let own = try await exchange.get("/account")
            if let mine = account.accountID, own["id"].string != mine {
                return GatewayHealth(.broken, "the key is of another account than the setting account says")
            }
        } catch {
            switch error.kind {
            case .barred where error.status == 401:
                return GatewayHealth(.broken, "Stripe does not know the key; make a new one and put it in the file (\(error.words))")
            case .unknown: return GatewayHealth(.doubtful, error.words)
            case .barred, .refused, .missing, .keyTaken, .otherState: doubts.append("the key is restricted and may not read the account")
            }
        }
        do throws(StripeFault) {
            let balance = try await exchange.get("/balance")
            if let mine = account.isLive, let theirs = balance["livemode"].bool, mine != theirs {
                let (said, found) = (mine ? "live" : "test", theirs ? "live" : "test")
                return GatewayHealth(.broken, "the account is set up for \(said) payments and the key is for \(found) ones")
            }
            _ = try await exchange.get("/payment_intents", StripeForm([("limit", .number(1))]))
            _ = try await exchange.get("/refunds", StripeForm([("limit", .number(1))]))
        } catch {
            switch error.kind {
            case .barred:
                return GatewayHealth(
                    .broken, "the key may not do what is needed; allow it to write payment intents, checkout sessions and refunds, and to read the balance (\(error.words))")
            case .refused, .missing, .keyTaken, .otherState, .unknown: return GatewayHealth(.doubtful, error.words)
            }
        }
        if account.webhookSecrets.isEmpty { doubts.append("no webhook secret is configured, so payments are only found by asking") }
        guard doubts.isEmpty else { return GatewayHealth(.doubtful, doubts.joined(separator: "; ")) }
        return GatewayHealth(.fine, "Stripe knows the key" + (account.isLive == false ? ", which is for test payments" : ""))
    }

    func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback {
        guard let secret = account.webhookSecrets.first else {
            throw ValidationFailure(field: "webhook_secrets", reason: "there is none to sign a sample with")
        }
        guard let (type, object) = StripeCheck.objects(at: now)[word] else {
            let words = StripeCheck.objects(at: now).keys.sorted().joined(separator: ", ")
            throw ValidationFailure(field: "word", reason: "must be one of \(words)")
        }
        let body: JSON = [
            "id": .string("evt_" + surroundings.ids.next()), "object": "event", "api_version": .string(account.version),
            "created": .integer(now.milliseconds / 1_000), "livemode": .bool(account.isLive ?? false), "pending_webhooks": 1,
            "type": .string(type), "data": ["object": object], "request": ["id": .null, "idempotency_key": .null],
        ]
        // The newest alone, so that a sample tells whether that one works.
        let signed = StripeSignature(secrets: [secret], tolerance: account.tolerance).sign(body.bytes, at: now)
        return GatewayCallback(
            headers: [("content-type", "application/json; charset=utf-8"), (StripeSignature.header, signed)], body: body.bytes)
    }

    /// Of an order that is nobody's.
    static let sampleNumber = "sample-order-a1"

    private static func objects(at now: Timestamp) -> [String: (type: String, object: JSON)] {
        let seconds = JSON.integer(now.milliseconds / 1_000)
        func intent(_ status: String, received: Int64) -> JSON {
            [
                "id": "pi_sample", "object": "payment_intent", "amount": 100, "amount_received": .integer(received), "currency": "usd",
                "created": seconds, "status": .string(status), "latest_charge": "ch_sample",
                "metadata": [StripeObject.numberName: .string(sampleNumber)],
            ]
        }
        func refund(_ status: String) -> JSON {
            [
                "id": "re_sample", "object": "refund", "amount": 100, "currency": "usd", "created": seconds, "status": .string(status),
                "charge": "ch_sample", "payment_intent": "pi_sample", "metadata": [StripeObject.numberName: "sample-order-r1"],
            ]
        }
        let dispute: JSON = [
            "id": "dp_sample", "object": "dispute", "amount": 100, "currency": "usd", "created": seconds, "status": "needs_response",
            "reason": "fraudulent", "charge": "ch_sample", "payment_intent": "pi_sample", "metadata": [:],
        ]
        let session: JSON = [
            "id": "cs_sample", "object": "checkout.session", "amount_total": 100, "currency": "usd", "created": seconds, "status": "complete",
            "payment_status": "paid", "payment_intent": "pi_sample", "client_reference_id": .string(sampleNumber),
            "metadata": [StripeObject.numberName: .string(sampleNumber)],
        ]
        return [
            "paid": ("payment_intent.succeeded", intent("succeeded", received: 100)),
            "failed": ("payment_intent.payment_failed", intent("requires_payment_method", received: 0)),
            "closed": ("payment_intent.canceled", intent("canceled", received: 0)),
            "checkout": ("checkout.session.completed", session),
            "refunded": ("refund.updated", refund("succeeded")),
            "refund-failed": ("refund.failed", refund("failed")),
            "dispute": ("charge.dispute.created", dispute),
        ]
    }
}
