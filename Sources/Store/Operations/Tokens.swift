package import Commerce
import Crypto
import Foundation
import GRDB

/// A key to the admin API for somebody who is not on the host.
package struct AccessToken: Sendable {
    package enum Scope: String, Sendable, CaseIterable, Comparable {
        case read, operate, admin

        package static func < (left: Scope, right: Scope) -> Bool { left.rank < right.rank }
        private var rank: Int { switch self { case .read: 0; case .operate: 1; case .admin: 2 } }
    }

    package let id: String
    package let label: String
    package let scope: Scope
    package let createdAt: Timestamp
    package let expiresAt: Timestamp
    package let revokedAt: Timestamp?
}

extension Writing {
    /// Makes a token and returns its secret, which is shown once and kept only as a hash.
    package func createToken(
        label: String, scope: AccessToken.Scope, lifetime: Duration
    ) throws(StoreError) -> (token: AccessToken, secret: String) {
        let now = desk.surroundings.time.now()
        let id = desk.surroundings.ids.next()
        // Three random names: 300 bits, so a plain hash cannot be searched for.
        let secret = "heyi_" + desk.surroundings.ids.next() + desk.surroundings.ids.next() + desk.surroundings.ids.next()
        let token = AccessToken(
            id: id, label: label, scope: scope, createdAt: now, expiresAt: now + lifetime, revokedAt: nil)
        try perform { db in
            try db.execute(
                sql: "INSERT INTO token (id, label, hash, scope, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, label, Data(SHA256.hash(data: Array(secret.utf8))), scope.rawValue, now.milliseconds,
                    token.expiresAt.milliseconds,
                ])
        }
        return (token, secret)
    }

    /// - Returns: false when it was revoked before.
    package func revokeToken(_ id: String) throws(StoreError) -> Bool {
        guard let token = try reading.tokens().first(where: { $0.id == id }) else { throw .notFound("token \(id)") }
        if token.revokedAt != nil { return false }
        try perform { db in
            try db.execute(
                sql: "UPDATE token SET revoked_at = ? WHERE id = ?",
                arguments: [desk.surroundings.time.now().milliseconds, id])
        }
        return true
    }
}

extension Reading {
    /// The token a secret belongs to, if it is neither expired nor revoked.
    package func token(secret: String, at now: Timestamp) throws(StoreError) -> AccessToken? {
        let hash = Array(SHA256.hash(data: Array(secret.utf8)))
        return try tokens("WHERE hash = ?1") { $0.set(1, hash) }.first { $0.revokedAt == nil && now < $0.expiresAt }
    }

    package func tokens() throws(StoreError) -> [AccessToken] { try tokens("ORDER BY created_at, id") { _ in } }

    private func tokens(_ condition: String, _ bind: (Bindings) -> Void) throws(StoreError) -> [AccessToken] {
        try perform { db in
            try db.all("SELECT id, label, scope, created_at, expires_at, revoked_at FROM token " + condition, bind) { row -> AccessToken? in
                guard let scope = AccessToken.Scope(rawValue: try row.text(2)) else { return nil }
                return AccessToken(
                    id: try row.text(0), label: try row.text(1), scope: scope, createdAt: Timestamp(milliseconds: try row.integer(3)),
                    expiresAt: Timestamp(milliseconds: try row.integer(4)),
                    revokedAt: try row.integerIfAny(5).map { Timestamp(milliseconds: $0) })
            }
        }.compactMap(\.self)
    }
}
