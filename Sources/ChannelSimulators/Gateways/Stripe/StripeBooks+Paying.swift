import Commerce

extension StripeBooks {
    mutating func makeIntent(_ parameters: StripeParameters) -> StripeAnswer {
        guard let amount = parameters.number("amount") else { return .invalid("Missing required param: amount.", param: "amount") }
        guard let currency = parameters["currency"] else { return .invalid("Missing required param: currency.", param: "currency") }
        if let refusal = StripeBooks.refusal(amount, currency) { return refusal }
        let intent = StripeIntent(
            id: id("pi"), amount: amount, currency: currency, created: seconds, isManual: parameters["capture_method"] == "manual",
            metadata: parameters.members("metadata"))
        intents.append(intent)
        count("opened", intent.number ?? intent.id)
        tell("payment_intent.created", render(intent))
        return .done(render(intent))
    }

    mutating func makeSession(_ parameters: StripeParameters) -> StripeAnswer {
        let price = "line_items[0][price_data]"
        guard parameters["mode"] == "payment", parameters["line_items[0][quantity]"] == "1", let amount = parameters.number("\(price)[unit_amount]"),
            let currency = parameters["\(price)[currency]"], parameters["\(price)[product_data][name]"]?.isEmpty == false
        else { return .invalid("Missing required param.", param: "line_items") }
        guard parameters["success_url"]?.hasPrefix("http") == true else { return .invalid("Missing required param: success_url.", param: "success_url") }
        if let refusal = StripeBooks.refusal(amount, currency) { return refusal }
        let expires = parameters.number("expires_at") ?? seconds + 86_400
        guard (seconds + 1_800...seconds + 86_400).contains(expires) else {
            return .invalid("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.", param: "expires_at")
        }
        let session = StripeSession(
            id: id("cs_test"), amount: amount, currency: currency, created: seconds, expires: expires,
            isManual: parameters["payment_intent_data[capture_method]"] == "manual", reference: parameters["client_reference_id"],
            metadata: parameters.members("metadata"), intentMetadata: parameters.members("payment_intent_data[metadata]"))
        sessions.append(session)
        count("opened", session.number ?? session.id)
        return .done(render(session))
    }

    private static func refusal(_ amount: Int64, _ currency: String) -> StripeAnswer? {
        guard currency == currency.lowercased(), Currency(currency.uppercased()) != nil else { return .invalid("Invalid currency: \(currency).", param: "currency") }
        guard amount > 0, amount <= 999_999_999_999 else { return .invalid("Invalid integer: \(amount)", param: "amount", code: "amount_too_large") }
        if ["isk", "ugx"].contains(currency), amount % 100 != 0 {
            return .invalid("Amounts must be evenly divisible by 100.", param: "amount", code: "invalid_charge_amount_no_decimal_compatible")
        }
        if ["bhd", "jod", "kwd", "omr", "tnd"].contains(currency), amount % 10 != 0 { return .invalid("The last digit must be 0.", param: "amount") }
        return nil
    }

    mutating func act(_ word: String, onIntent id: String) -> StripeAnswer {
        guard let index = intents.firstIndex(where: { $0.id == id }) else { return StripeBooks.missing(id) }
        switch (word, intents[index].status) {
        case ("capture", "requires_capture"): collect(index)
        case ("cancel", "requires_payment_method"), ("cancel", "requires_confirmation"), ("cancel", "requires_action"), ("cancel", "requires_capture"):
            intents[index].status = "canceled"
            count("closed", intents[index].number ?? id)
            tell("payment_intent.canceled", render(intents[index]))
        case ("capture", let status), ("cancel", let status):
            return .failed(400, "invalid_request_error", "You cannot \(word) this PaymentIntent because it has a status of \(status).", code: "payment_intent_unexpected_state")
        default: return StripeBooks.missing(word)
        }
        return .done(render(intents[index]))
    }

    mutating func expire(_ id: String) -> StripeAnswer {
        guard let index = sessions.firstIndex(where: { $0.id == id }) else { return StripeBooks.missing(id) }
        guard sessions[index].status == "open" else {
            return .failed(400, "invalid_request_error", "Only Checkout Sessions with a status in [\"open\"] can be expired.")
        }
        sessions[index].status = "expired"
        count("closed", sessions[index].number ?? id)
        tell("checkout.session.expired", render(sessions[index]))
        return .done(render(sessions[index]))
    }

    /// The payer's part is done: the money comes in, or waits to be collected.
    mutating func pay(_ index: Int) {
        if intents[index].isManual {
            intents[index].status = "requires_capture"
            tell("payment_intent.amount_capturable_updated", render(intents[index]))
        } else {
            collect(index)
        }
    }

    private mutating func collect(_ index: Int) {
        let intent = intents[index]
        let charge = StripeCharge(
            id: id("ch"), intent: intent.id, amount: intent.amount, currency: intent.currency, created: seconds, metadata: intent.metadata)
        charges.append(charge)
        intents[index].status = "succeeded"
        intents[index].received = intent.amount
        intents[index].charge = charge.id
        enter("charge", intent.amount, fee: intent.amount * 29 / 1_000 + 30, intent.currency, source: charge.id)
        count("paid", intent.number ?? intent.id)
        if let place = sessions.firstIndex(where: { $0.intent == intent.id }) { sessions[place].paymentStatus = "paid" }
        tell("charge.succeeded", render(charge))
        tell("payment_intent.succeeded", render(intents[index]))
    }

    mutating func paySession(_ index: Int) {
        let session = sessions[index]
        let intent = StripeIntent(
            id: id("pi"), amount: session.amount, currency: session.currency, created: seconds, isManual: session.isManual,
            metadata: session.intentMetadata)
        intents.append(intent)
        sessions[index].intent = intent.id
        sessions[index].status = "complete"
        pay(intents.count - 1)
        tell("checkout.session.completed", render(sessions[index]))
    }

    mutating func enter(_ type: String, _ amount: Int64, fee: Int64, _ currency: String, source: String?) {
        entries.append(StripeEntry(id: id("txn"), type: type, amount: amount, fee: fee, currency: currency, created: seconds, source: source))
    }
}
