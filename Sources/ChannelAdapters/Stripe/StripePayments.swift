import Commerce

/// Payments at Stripe: as intents that the buyer's client confirms, or at pages of Stripe's.
///
/// Nothing is kept here but a memory of ids that may be lost. A payment is found again by our number in its metadata,
/// and never made twice: up to 24 hours after it was made Stripe answers the same key with the same object, and what may
/// be older is looked for among what was made since the order was placed, before anything is sent under its key again
/// (https://docs.stripe.com/api/idempotent_requests).
struct StripePayments: PaymentGateway {
    let account: StripeAccount
    let exchange: StripeExchange
    let surroundings: Surroundings
    let known = StripeMemory()

    var id: String { account.id.text }
    var now: Timestamp { surroundings.time.now() }

    func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening {
        if let expires = attempt.terms.expires, expires <= now { return .refused("the time to pay is over") }
        do {
            let plan = try StripePlan(attempt, of: order, at: account)
            if isPerhapsOlderThanItsKey(order), let found = try await find(plan.number, way: plan.way) {
                return try opening(found, plan)
            }
            return try opening(try await create(plan, of: attempt), plan)
        } catch let fault as StripeFault {
            switch fault.kind {
            case .refused, .missing: return .refused(fault.words)
            case .keyTaken, .otherState, .barred, .unknown: return .unknown(fault.words)
            }
        } catch let failure as ValidationFailure {
            return .refused(failure.description)
        } catch {
            return .unknown("\(error)")
        }
    }

    func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        await news { () async throws in
            guard let found = try await find(attempt, of: order) else {
                // Never made, or its request is still on the way and its answer with nobody: it can only be opened again.
                return attempt.terms.expires.map { $0 <= now } == true ? .closed : .open
            }
            guard case .authorised = found.standing else { return found.standing.news(gateway: id, attempt: attempt.id) }
            let captured = try await collect(found)
            return captured.standing.news(gateway: id, attempt: attempt.id)
        }
    }

    func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        await news { () async throws in
            var found = try await find(attempt, of: order)
            if found == nil {
                // A request for it may still be under way. Made now under the same key it is the same object, and that is ended.
                do throws(StripeFault) { found = try await create(try plan(attempt, of: order), of: attempt) } catch {
                    // Nobody was ever told how to pay what a failed request may have left behind.
                    if error.kind == .refused || error.replayOf != nil { return .closed }
                    throw error
                }
            }
            guard let found else { return .closed }
            return try await end(found).standing.news(gateway: id, attempt: attempt.id)
        }
    }

    private func news(_ body: () async throws -> AttemptNews) async -> AttemptNews {
        do { return try await body() } catch let fault as StripeFault { return .unknown(fault.words) } catch {
            return .unknown("Stripe's answer cannot be read: \(error)")
        }
    }

    /// An attempt that cannot even be said was never opened.
    private func plan(_ attempt: PaymentAttempt, of order: String) throws(StripeFault) -> StripePlan {
        do { return try StripePlan(attempt, of: order, at: account) } catch { throw StripeFault(.refused, error.description) }
    }

    private func opening(_ found: StripeFound, _ plan: StripePlan) throws(StripeFault) -> GatewayOpening {
        switch found.standing {
        case .closed: return .refused("it was closed")
        case .processing, .authorised, .paid: return .unknown("it is paid or being paid")
        case .waiting: break
        }
        let secret = plan.way == .card ? "client_secret" : "url"
        guard let value = found.object[secret].string, !value.isEmpty else {
            throw StripeFault(.unknown, "Stripe's answer cannot be read: \(secret) is missing")
        }
        var members: [(String, JSON)] = [("way", .string(plan.way.rawValue)), ("id", .string(found.id)), (secret, .string(value))]
        if let key = account.publishableKey { members.append(("publishable_key", .string(key))) }
        return .ready(.object(JSONObject(members)))
    }
}

/// A payment as Stripe holds it.
struct StripeFound: Sendable {
    let id: String
    let way: StripePlan.Way
    let object: StripeObject
    let standing: StripeStanding

    /// - Throws: ``StripeFault`` of the kind `unknown`: an answer that cannot be read says nothing.
    init(_ object: StripeObject, way: StripePlan.Way, _ amounts: StripeAmounts) throws(StripeFault) {
        do {
            id = try object.id()
            switch way {
            case .card: standing = try StripeStanding.intent(object, amounts)
            case .checkout: standing = try StripeStanding.session(object, amounts)
            }
        } catch {
            throw StripeFault(.unknown, "Stripe's answer cannot be read: \(error)")
        }
        self.way = way
        self.object = object
    }
}
