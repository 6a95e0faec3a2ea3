import Commerce

/// Keeps the tokens of the admin API, by digest only.
protocol TokenDesk: Sendable {
    /// - Returns: nil for a token that does not exist or was revoked.
    func token(id: String) async throws(DeskError) -> TokenRecord?
    func tokens(_ page: PageRequest) async throws(DeskError) -> Page<TokenRecord>
    /// Durable before it returns.
    func add(_ token: TokenRecord, by principal: Principal) async throws(DeskError)
    /// Takes effect with the next request. Revoking again changes nothing.
    func revoke(id: String, by principal: Principal) async throws(DeskError)
}

/// A token as it is kept.
struct TokenRecord: Hashable, Sendable {
    var id: String
    var name: String
    var scope: Scope
    /// SHA-256 of the secret half.
    var digest: [UInt8]
    var created: Timestamp
    /// nil for one that does not expire.
    var expires: Timestamp?

    /// Never shows the digest.
    var json: JSON {
        [
            "id": .string(id), "name": .string(name), "scope": .string(scope.rawValue),
            "created_at": .integer(created.milliseconds),
            "expires_at": expires.map { .integer($0.milliseconds) } ?? .null,
        ]
    }
}
