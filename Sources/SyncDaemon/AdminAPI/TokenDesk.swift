import Commerce

/// Keeps the tokens of the admin API, by a hash only.
protocol TokenDesk: Sendable {
    /// Who holds a token, as its holder sends it.
    ///
    /// Found by the hash of the whole text, so the time it takes tells nothing of the text.
    ///
    /// - Returns: nil for one that never was, was revoked, or has expired.
    func holder(of text: String) async throws(DeskError) -> TokenRecord?
    /// All that may still open something, newest first.
    func tokens(_ page: PageRequest) async throws(DeskError) -> Page<TokenRecord>
    /// Makes a token; durable before it returns. The text is known to the caller alone from then on.
    func make(name: String, scope: Scope, lifetime: Duration, by principal: Principal)
        async throws(DeskError) -> (record: TokenRecord, text: String)
    /// Takes effect with the next request. Revoking again changes nothing.
    func revoke(id: String, by principal: Principal) async throws(DeskError)
}

/// A token as it is kept, without what it opens with.
struct TokenRecord: Hashable, Sendable {
    var id: String
    var name: String
    var scope: Scope
    var created: Timestamp
    var expires: Timestamp

    var json: JSON {
        [
            "id": .string(id), "name": .string(name), "scope": .string(scope.rawValue),
            "created_at": .integer(created.milliseconds), "expires_at": .integer(expires.milliseconds),
        ]
    }
}
