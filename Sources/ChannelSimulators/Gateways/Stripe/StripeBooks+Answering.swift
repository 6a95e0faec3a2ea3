import ChannelAdapters
import Commerce

extension StripeBooks {
    /// Dials first, then the key, then what was asked; what goes wrong afterwards goes wrong after it was done.
    mutating func respond(to request: SimulatedRequest, at time: Timestamp) -> SimulatedOutcome {
        turn(to: time)
        if dials.dark { return .refused }
        if falls(dials.dropBefore) { return .dropped }
        let number = id("req")
        if falls(dials.failBefore) { return StripeBooks.answered(StripeBooks.broken, number) }
        if falls(dials.throttle) {
            return StripeBooks.answered(.failed(429, "invalid_request_error", "Too many requests", code: "rate_limit"), number, [("stripe-should-retry", "true")])
        }
        if falls(dials.failInBody) {
            return StripeBooks.answered(.done(StripeAnswer.problem("api_error", "something went wrong", param: nil, code: nil)), number)
        }
        if let refusal = bar(request) { return StripeBooks.answered(refusal, number) }
        let key = request.method == "POST" ? request["idempotency-key"] : nil
        let fingerprint = "\(request.target)\n\(String(decoding: request.body, as: UTF8.self))"
        if let key, let outcome = known(key, fingerprint, number) { return outcome }
        var answer = perform(request, key: key)
        let failsNow = falls(dials.failAfter)
        if failsNow { answer = StripeAnswer(status: 500, body: StripeBooks.broken.body, isKept: answer.isKept) }
        if let key, answer.isKept { keys[key] = StripeKept(fingerprint: fingerprint, answer: answer, request: number, at: now) }
        if falls(dials.dropAfter) { return .dropped }
        return StripeBooks.answered(answer, number)
    }

    private static let broken = StripeAnswer.failed(500, "api_error", "An unknown error occurred")

    private static func answered(_ answer: StripeAnswer, _ number: String, _ headers: [(String, String)] = []) -> SimulatedOutcome {
        .answered(
            HTTPResponse(
                status: answer.status, headers: [("content-type", "application/json"), ("request-id", number)] + headers.map { ($0.0, $0.1) },
                body: answer.body.bytes))
    }

    private func bar(_ request: SimulatedRequest) -> StripeAnswer? {
        guard let sent = request["authorization"], sent.hasPrefix("Bearer ") else {
            return .failed(401, "invalid_request_error", "You did not provide an API key.")
        }
        guard sent == "Bearer \(StripeBooks.key)" else {
            return .failed(401, "invalid_request_error", "Invalid API Key provided: \(sent.dropFirst(7).prefix(12))****")
        }
        guard forbidden.contains(where: request.path.hasPrefix) else { return nil }
        return .failed(403, "invalid_request_error", "The provided key does not have the required permissions for this endpoint.", code: "more_permissions_required")
    }

    private func known(_ key: String, _ fingerprint: String, _ number: String) -> SimulatedOutcome? {
        if keysAtWork.contains(key) {
            return StripeBooks.answered(.failed(409, "idempotency_error", "There is currently another in-progress request using this key.", code: "idempotency_key_in_use"), number)
        }
        guard let kept = keys[key] else { return nil }
        guard kept.fingerprint == fingerprint else {
            return StripeBooks.answered(.failed(400, "idempotency_error", "Keys can only be used with the same parameters they were first used with."), number)
        }
        return StripeBooks.answered(kept.answer, number, [("idempotent-replayed", "true"), ("original-request", kept.request)])
    }

    private mutating func perform(_ request: SimulatedRequest, key: String?) -> StripeAnswer {
        let text = request.method == "POST" ? String(decoding: request.body, as: UTF8.self) : request.query
        guard let parameters = StripeParameters(text) else { return .invalid("The parameters are not a form.") }
        if request.method == "POST", !request.body.isEmpty, request["content-type"]?.hasPrefix("application/x-www-form-urlencoded") != true {
            return .invalid("Send parameters as a form.")
        }
        let parts = request.path.split(separator: "/").map(String.init)
        guard parts.first == "v1" else { return StripeBooks.missing(request.path) }
        switch (request.method, parts.dropFirst().joined(separator: "/")) {
        case ("GET", "account"): return .done(["id": .string(StripeBooks.account), "object": "account", "charges_enabled": true])
        case ("GET", "balance"): return .done(["object": "balance", "livemode": false, "available": [], "pending": []])
        case ("POST", "payment_intents"): return makeIntent(parameters)
        case ("POST", "checkout/sessions"): return makeSession(parameters)
        case ("POST", "refunds"): return makeRefund(parameters, key: key)
        case ("GET", let path): return read(path, parameters)
        case ("POST", _) where parts.count == 4 && parts[1] == "payment_intents": return act(parts[3], onIntent: parts[2])
        case ("POST", _) where parts.count == 5 && parts[1] == "checkout" && parts[4] == "expire": return expire(parts[3])
        default: return StripeBooks.missing(request.path)
        }
    }

    static func missing(_ what: String) -> StripeAnswer {
        .invalid("No such object: '\(what)'", param: "id", code: "resource_missing", status: 404)
    }
}
