import Commerce
import Store

/// Keeps operators' tokens in the store.
struct StoreTokenDesk: TokenDesk {
    let store: Store
    let known = KnownTokens()

    func holder(of text: String) async throws(DeskError) -> TokenRecord? {
        let now = store.surroundings.time.now()
        let (hash, found, age) = known.holder(of: text, at: now)
        if let found { return found }
        let read = try await atDesk { () async throws(StoreError) in
            try await store.read { reading throws(StoreError) in
                try reading.token(secret: text, at: now).map { StoreTokenDesk.record($0) }
            }
        }
        if let read { known.keep(read, hash, age) }
        return read
    }

    func tokens(_ page: PageRequest) async throws(DeskError) -> Page<TokenRecord> {
        let now = store.surroundings.time.now()
        let all = try await atDesk { () async throws(StoreError) in
            try await store.read { reading throws(StoreError) in
                try reading.tokens().filter { $0.revokedAt == nil && now < $0.expiresAt }.reversed().map {
                    StoreTokenDesk.record($0)
                }
            }
        }
        let start = page.after.flatMap { after in all.firstIndex { $0.id == after }.map { $0 + 1 } } ?? 0
        let rows = Array(all.dropFirst(start).prefix(page.limit))
        return Page(rows, next: start + rows.count < all.count ? rows.last?.id : nil)
    }

    func make(
        name: String, scope: Scope, lifetime: Duration, by principal: Principal
    ) async throws(DeskError) -> (record: TokenRecord, text: String) {
        let kept = AccessToken.Scope(rawValue: scope.rawValue) ?? .read
        return try await atDesk { () async throws(StoreError) in
            try await store.write { writing throws(StoreError) in
                let made = try writing.createToken(label: name, scope: kept, lifetime: lifetime)
                try writing.audit(
                    principal: principal.name, action: "token.create", subject: "token/\(made.token.id)",
                    detail: "scope \(scope.rawValue)")
                return (record: StoreTokenDesk.record(made.token), text: made.secret)
            }
        }
    }

    func revoke(id: String, by principal: Principal) async throws(DeskError) {
        // However it ends: what was read before it may not be true any more.
        defer { known.forget() }
        try await atDesk { () async throws(StoreError) in
            try await store.write { writing throws(StoreError) in
                guard try writing.revokeToken(id) else { return }
                try writing.audit(
                    principal: principal.name, action: "token.revoke", subject: "token/\(id)", detail: "")
            }
        }
    }

    private static func record(_ token: AccessToken) -> TokenRecord {
        TokenRecord(
            id: token.id, name: token.label, scope: Scope(rawValue: token.scope.rawValue) ?? .read,
            created: token.createdAt, expires: token.expiresAt)
    }
}
