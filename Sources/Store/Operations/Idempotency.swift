import Commerce
import Crypto
import Foundation
import GRDB

/// The answer to a request that was answered before.
package struct RememberedAnswer: Sendable {
    package let status: Int
    package let body: [UInt8]
    /// Whether the request that got it had the same body as the one asked about.
    package let sameRequest: Bool
}

extension Reading {
    /// What was answered to `key` before. Keys belong to a scope: one principal's cannot meet another's.
    package func answer(scope: String, key: String, request: [UInt8]) throws(StoreError) -> RememberedAnswer? {
        try perform { db in
            try db.first("SELECT body_hash, status, answer FROM idempotency WHERE scope = ? AND key = ?") { parameters in
                parameters.set(1, scope)
                parameters.set(2, key)
            } _: { row in
                RememberedAnswer(
                    status: Int(try row.integer(1)), body: try row.bytes(2),
                    sameRequest: try row.bytes(0) == Array(SHA256.hash(data: request)))
            }
        }
    }
}

extension Writing {
    /// Remembers an answer in the transaction that did what it tells of.
    package func remember(
        scope: String, key: String, request: [UInt8], status: Int, answer: [UInt8]
    ) throws(StoreError) {
        try perform { db in
            try db.run("INSERT INTO idempotency (scope, key, body_hash, status, answer, at) VALUES (?, ?, ?, ?, ?, ?)") { row in
                row.set(1, scope)
                row.set(2, key)
                row.set(3, Array(SHA256.hash(data: request)))
                row.set(4, Int64(status))
                row.set(5, answer)
                row.set(6, desk.surroundings.time.now().milliseconds)
            }
        }
    }

    /// Remembers under `key` what is true for now, in place of what was remembered before.
    package func rememberNow(scope: String, key: String, _ value: [UInt8]) throws(StoreError) {
        try perform { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO idempotency (scope, key, body_hash, status, answer, at) VALUES (?, ?, x'', 200, ?, ?)
                    ON CONFLICT (scope, key) DO UPDATE SET answer = excluded.answer, at = excluded.at
                    """
            ).execute(arguments: [scope, key, Data(value), desk.surroundings.time.now().milliseconds])
        }
    }

    /// Forgets what is remembered under one key.
    package func forget(scope: String, key: String) throws(StoreError) {
        try perform { db in
            try db.cachedStatement(sql: "DELETE FROM idempotency WHERE scope = ? AND key = ?").execute(
                arguments: [scope, key])
        }
    }

    /// Forgets answers older than `age`; senders stop repeating long before.
    ///
    /// - Parameter prefix: what the scopes of those meant begin with.
    /// - Returns: how many, at most `limit`; call it again while it returns that many.
    @discardableResult
    package func forgetAnswers(
        olderThan age: Duration, scopes prefix: String = "", limit: Int = 500
    ) throws(StoreError) -> Int {
        let before = desk.surroundings.time.now().milliseconds - age.milliseconds
        return try perform { db in
            try db.execute(
                sql: """
                    DELETE FROM idempotency WHERE (scope, key) IN
                        (SELECT scope, key FROM idempotency WHERE at < ?1 AND substr(scope, 1, length(?3)) = ?3 ORDER BY at LIMIT ?2)
                    """, arguments: [before, limit, prefix])
            return db.changesCount
        }
    }
}
