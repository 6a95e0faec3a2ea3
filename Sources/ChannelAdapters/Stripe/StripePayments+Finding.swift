import Commerce

extension StripePayments {
    /// Makes the payment, or gets what the same key made before as it stands now.
    func create(_ plan: StripePlan, of attempt: PaymentAttempt) async throws(StripeFault) -> StripeFound {
        let answer: StripeExchange.Answer
        do throws(StripeFault) {
            answer = try await post(plan, attempt)
        } catch {
            // Other words under the same key, after a setting changed, or a failure that Stripe saved: it may be there all the same.
            guard error.kind == .keyTaken || (error.kind == .unknown && error.replayOf != nil) else { throw error }
            guard let found = try await find(plan.number, way: plan.way) else { throw error }
            return found
        }
        let made = try StripeFound(answer.object, way: plan.way, account.amounts)
        known.keep(made.id, plan.number.description, plan.way)
        return answer.isReplayed ? try await get(made.id, plan.way) : made
    }

    private func post(_ plan: StripePlan, _ attempt: PaymentAttempt) async throws(StripeFault) -> StripeExchange.Answer {
        do throws(StripeFault) {
            return try await exchange.post(plan.way.path, plan.form, key: plan.key)
        } catch {
            // Only for an end too near, which no later try can find far enough: else both keys could make one.
            guard error.kind == .refused, error.parameter == StripePlan.expiry, let expires = attempt.terms.expires, expires > now,
                expires - now < .seconds(3_600)
            else { throw error }
            return try await exchange.post(plan.way.path, plan.endless.form, key: plan.endless.key)
        }
    }

    func find(_ attempt: PaymentAttempt, of order: String) async throws(StripeFault) -> StripeFound? {
        let way: StripePlan.Way
        // An attempt by a way that is none here was never opened.
        do { way = try StripePlan.way(attempt.terms.way) } catch { return nil }
        return try await find(attempt.numberAtGateway(ofOrder: order), way: way)
    }

    /// By the id that was seen with the number, or among all that was made since the order can have been placed, newest first.
    func find(_ number: GatewayNumber, way: StripePlan.Way) async throws(StripeFault) -> StripeFound? {
        if let id = known.id(of: number.description, way) {
            do throws(StripeFault) { return try await get(id, way) } catch {
                guard error.kind == .missing else { throw error }
                known.forget(number.description, way)
            }
        }
        let (begun, life) = (now, known.life)
        let since = known.unseen(since: earliest(of: number.order), way)
        var last: String?
        for _ in 0..<StripePayments.pagesMax {
            let page = try await StripePage.of(way.path, [("created", .members([("gte", .number(since.milliseconds / 1_000))]))], after: last, exchange)
            for object in page.objects { if let number = object.ourNumber { known.keep(try page.id(of: object), number, way) } }
            if let id = known.id(of: number.description, way) { return try await get(id, way) }
            guard let next = page.next else {
                if since <= begun { known.saw(since...begun, way, life: life) }
                return nil
            }
            last = next
        }
        throw StripeFault(.unknown, "there are too many payments to look through")
    }

    /// A hundred on each.
    private static let pagesMax = 5_000
    /// Stripe keeps keys for at least a day; an hour less leaves room for clocks that differ.
    private static let keyLife = Duration.seconds(23 * 3_600)

    /// Whether the attempt may have been opened so long ago that its key has been forgotten. Only our own orders' numbers
    /// say when they were placed; any other might be.
    func isPerhapsOlderThanItsKey(_ order: String) -> Bool {
        guard let placed = StripePayments.placed(order) else { return true }
        return now - placed > StripePayments.keyLife || placed > now
    }

    private func earliest(of order: String) -> Timestamp {
        // A day that is still to come says that some clock is wrong, and nothing else.
        let placed = StripePayments.placed(order).flatMap { $0 <= now ? $0 : nil }
        let since = placed ?? now + .milliseconds(-account.lookback.milliseconds)
        return Timestamp(milliseconds: max(0, since.milliseconds - 3_600_000))
    }

    /// The earliest moment an order of our own numbering can be of: the beginning of its day.
    static func placed(_ order: String) -> Timestamp? {
        let digits = order.prefix { ("0"..."9").contains($0) }
        guard digits.utf8.count == 8, order.dropFirst(8).first == "-" else { return nil }
        return CalendarDay("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")?.start()
    }

    func get(_ id: String, _ way: StripePlan.Way) async throws(StripeFault) -> StripeFound {
        let object = try await exchange.get("\(way.path)/\(id)", StripeForm([("expand", .list([.text(way.expansion)]))]))
        return try StripeFound(object, way: way, account.amounts)
    }

    /// Collects what the payer authorised.
    func collect(_ found: StripeFound) async throws(StripeFault) -> StripeFound {
        let intent = found.way == .card ? found.id : found.object["payment_intent"]["id"]?.string ?? ""
        guard StripeObject.isID(intent) else { throw StripeFault(.unknown, "Stripe's answer cannot be read: payment_intent is missing") }
        // Without a key: the intent can be collected once only, and a saved refusal would stand in the way for a day.
        do throws(StripeFault) { _ = try await exchange.post("/payment_intents/\(intent)/capture", StripeForm([]), key: nil) } catch {
            guard error.kind == .otherState else { throw error }
        }
        return try await get(found.id, found.way)
    }

    /// Ends it unless it was paid or is being paid, and tells how it stands then.
    func end(_ found: StripeFound) async throws(StripeFault) -> StripeFound {
        switch found.standing {
        case .paid, .closed, .processing: return found
        case .waiting, .authorised: break
        }
        let path: String
        if found.way == .card {
            path = "/payment_intents/\(found.id)/cancel"
        } else if found.object["status"].string == "complete" {
            // The page is done with and the money only authorised: the intent behind it is what can still be ended.
            guard let intent = found.object["payment_intent"]["id"]?.string, StripeObject.isID(intent) else { return found }
            path = "/payment_intents/\(intent)/cancel"
        } else {
            path = "/checkout/sessions/\(found.id)/expire"
        }
        do throws(StripeFault) { _ = try await exchange.post(path, StripeForm([]), key: nil) } catch {
            guard error.kind == .otherState || error.kind == .refused else { throw error }
        }
        return try await get(found.id, found.way)
    }
}
