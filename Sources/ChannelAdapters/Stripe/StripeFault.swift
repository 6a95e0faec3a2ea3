import Commerce

/// Why Stripe gave no object, cut by what is known of what was asked.
///
/// `stripe-should-retry` decides before a status does: what Stripe wants asked again is not known yet.
struct StripeFault: Error, Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        /// Certainly not done, and will not be as it was asked.
        case refused
        /// There is no such object.
        case missing
        /// The key was used for something else before, or with other words.
        case keyTaken
        /// The object is in a state that does not allow it.
        case otherState
        /// The key is wrong or may not do this: nothing was done, and an operator has to put it right.
        case barred
        /// Nobody knows, or not now.
        case unknown
    }

    let kind: Kind
    let words: String
    /// A saved answer told again: the request that it was the first answer to.
    var replayOf: String?
    private(set) var status: Int?
    /// The parameter it is about.
    var parameter: String?

    init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    var description: String { words }

    init(_ error: TransportError) {
        switch error {
        case .invalidRequest(let reason): self.init(.refused, "the request cannot be sent: \(reason)")
        case .unreachable(let reason): self.init(.unknown, "Stripe cannot be reached: \(reason)")
        case .untrusted(let reason): self.init(.unknown, "Stripe's certificate is not accepted: \(reason)")
        case .interrupted(let reason): self.init(.unknown, "no whole answer came: \(reason)")
        case .timedOut: self.init(.unknown, "no answer in time")
        case .responseTooLarge(let bytesMax): self.init(.unknown, "the answer is longer than \(bytesMax) bytes")
        case .forbiddenAddress(let address): self.init(.barred, "the address is not allowed: \(address)")
        case .cancelled: self.init(.unknown, "was called off before the answer")
        }
    }

    init(status: Int, error: StripeObject, response: HTTPResponse) {
        self.init(StripeFault.kind(status, error, response["stripe-should-retry"]), StripeFault.words(status, error))
        self.status = status
        parameter = error["param"].string
        if response["idempotent-replayed"] == "true" { replayOf = response["original-request"].map { StripeWords.plain($0, max: 64) } }
    }

    private static func kind(_ status: Int, _ error: StripeObject, _ retry: String?) -> Kind {
        if retry == "true" { return .unknown }
        let code = error["code"].string
        switch status {
        case 401, 403: return .barred
        case 404: return .missing
        case 409, 425, 429, 300..<400: return retry == "false" && status == 409 ? .refused : .unknown
        case 500...: return .unknown
        default: break
        }
        if code == "lock_timeout" || code == "rate_limit" || code == "idempotency_key_in_use" { return .unknown }
        if error["type"].string == "idempotency_error" { return .keyTaken }
        if code == "resource_missing" { return .missing }
        if let code, code.hasSuffix("_unexpected_state") { return .otherState }
        return .refused
    }

    /// `status 402 card_error card_declined/insufficient_funds: …`, for an operator.
    private static func words(_ status: Int, _ error: StripeObject) -> String {
        let codes = [error["code"].string, error["decline_code"].string].compactMap { $0 }.joined(separator: "/")
        let named = ["status \(status)", error["type"].string ?? "", codes].filter { !$0.isEmpty }.joined(separator: " ")
        let parameter = error["param"].string.map { " (\($0))" } ?? ""
        let message = error["message"].string.map { ": \($0)" } ?? ""
        return StripeWords.plain(named + parameter + message, max: 300)
    }
}

/// Somebody else's words, on their way to logs and terminals.
enum StripeWords {
    private static let starts = ["sk_", "rk_", "pk_", "whsec_"]

    /// Without control characters, not longer than `max`, and without anything that looks like a key, whole or not.
    static func plain(_ text: String, max: Int) -> String {
        let scalars = text.unicodeScalars.lazy.prefix(4_096).filter { $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) }
        let words = String(String.UnicodeScalarView(scalars)).split(separator: " ", omittingEmptySubsequences: false)
        let bare = words.map { word in starts.contains(where: word.contains) ? "<secret>" : String(word) }.joined(separator: " ")
        return String(String.UnicodeScalarView(bare.unicodeScalars.prefix(max)))
    }
}
