import Commerce

/// One request to Stripe and what its answer means.
///
/// Never tries again by itself: whoever asked decides that, and says the same under the same key.
struct StripeExchange: Sendable {
    let account: StripeAccount
    let transport: any HTTPTransport
    /// Creating a payment may wait for a bank.
    private static let timeout = Duration.seconds(40)
    /// A page of 100 movements with their sources in full is the longest answer.
    private static let responseBytesMax = 8 << 20

    func get(_ path: String, _ form: StripeForm = StripeForm([])) async throws(StripeFault) -> StripeObject {
        try await send(.get, form.pairs.isEmpty ? path : "\(path)?\(form.text)", body: nil, key: nil).object
    }

    /// - Parameter key: under which Stripe does it once only; nil for what the object's own state lets happen only once.
    func post(_ path: String, _ form: StripeForm, key: String?) async throws(StripeFault) -> Answer {
        try await send(.post, path, body: Array(form.text.utf8), key: key)
    }

    struct Answer: Sendable {
        let object: StripeObject
        /// Stripe repeats what it said the first time; it may have changed since.
        let isReplayed: Bool
    }

    private func send(
        _ method: HTTPRequest.Method, _ target: String, body: [UInt8]?, key: String?
    ) async throws(StripeFault) -> Answer {
        var request = HTTPRequest(
            method: method, url: "\(account.endpoint.url)/v1\(target)", body: body, timeout: StripeExchange.timeout,
            responseBytesMax: StripeExchange.responseBytesMax, addresses: account.endpoint.addresses)
        request.headers = [
            ("Authorization", "Bearer \(account.key.revealed)"), ("Accept", "application/json"), ("Stripe-Version", account.version),
        ]
        if body != nil { request.headers.append(("Content-Type", "application/x-www-form-urlencoded")) }
        if let key { request.headers.append(("Idempotency-Key", key)) }
        let response: HTTPResponse
        do { response = try await transport.send(request) } catch { throw StripeFault(error) }
        return try StripeExchange.read(response)
    }

    static func read(_ response: HTTPResponse) throws(StripeFault) -> Answer {
        let json: JSON
        do { json = try JSON.parse(response.body) } catch {
            throw StripeFault(.unknown, "status \(response.status) with a body that is not JSON")
        }
        let error = StripeObject(json["error"] ?? .null)
        guard (200..<300).contains(response.status) else {
            // Whoever else answers in Stripe's place, such as a proxy, refuses nothing in its name.
            guard case .object = error.json else { throw StripeFault(.unknown, "status \(response.status) without Stripe's words for it") }
            throw StripeFault(status: response.status, error: error, response: response)
        }
        guard case .object = json, error.json.isNull else {
            throw StripeFault(.unknown, "status \(response.status) and no object in the answer")
        }
        return Answer(object: StripeObject(json), isReplayed: response["idempotent-replayed"] == "true")
    }
}
