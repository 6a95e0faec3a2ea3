package import Commerce
import Crypto
import Foundation
import GRDB

/// One act of a person or a token that is not itself a change of a unit.
package struct AuditEntry: Sendable {
    package let number: Int64
    package let at: Timestamp
    package let principal: String
    package let action: String
    package let subject: String
    package let detail: String
}

extension Writing {
    /// Notes who did what to what. Each entry carries the hash of the one before, so a
    /// row taken out or altered later is noticed.
    package func audit(principal: String, action: String, subject: String, detail: String) throws(StoreError) {
        let at = desk.surroundings.time.now().milliseconds
        try perform { db in
            let last = try desk.auditEnd ?? db.first("SELECT chain FROM audit ORDER BY num DESC LIMIT 1") { _ in } _: { try $0.bytes(0) } ?? []
            let chain = AuditChain.link(after: last, at: at, principal, action, subject, detail)
            try db.run("INSERT INTO audit (at, principal, action, subject, detail, chain) VALUES (?, ?, ?, ?, ?, ?)") { row in
                row.set(1, at)
                row.set(2, principal)
                row.set(3, action)
                row.set(4, subject)
                row.set(5, detail)
                row.set(6, chain)
            }
            desk.auditEnd = chain
        }
    }
}

extension Reading {
    /// The newest entries, newest first: those about `subject`, not older than `since`.
    package func auditEntries(
        before number: Int64? = nil, since: Timestamp? = nil, subject: String? = nil, limit: Int
    ) throws(StoreError) -> [AuditEntry] {
        try auditEntries(
            """
            WHERE (?1 IS NULL OR num < ?1) AND (?2 IS NULL OR at >= ?2) AND (?3 IS NULL OR subject = ?3)
            ORDER BY num DESC LIMIT ?4
            """, [number, since?.milliseconds, subject, limit])
    }

    /// Entries after a number, oldest first.
    package func auditEntries(after number: Int64, limit: Int) throws(StoreError) -> [AuditEntry] {
        try auditEntries("WHERE num > ? ORDER BY num LIMIT ?", [number, limit])
    }

    private func auditEntries(_ condition: String, _ arguments: StatementArguments) throws(StoreError) -> [AuditEntry] {
        try perform { db in
            try Row.fetchAll(
                db.cachedStatement(sql: "SELECT num, at, principal, action, subject, detail FROM audit " + condition),
                arguments: arguments
            ).map { row in
                AuditEntry(
                    number: row[0], at: Timestamp(milliseconds: row[1]), principal: row[2], action: row[3],
                    subject: row[4], detail: row[5])
            }
        }
    }

    /// The first audit entry whose chain does not follow from the one before, or nil when all do.
    package func brokenAuditEntry() throws(StoreError) -> Int64? {
        try perform { db in
            var last = Data()
            let rows = try Row.fetchCursor(
                db, sql: "SELECT num, at, principal, action, subject, detail, chain FROM audit ORDER BY num")
            while let row = try rows.next() {
                let expected = Data(AuditChain.link(after: last, at: row[1], row[2], row[3], row[4], row[5]))
                last = row[6]
                if last != expected { return row[0] }
            }
            return nil
        }
    }
}

private enum AuditChain {
    static func link(
        after last: some DataProtocol, at: Int64, _ principal: String, _ action: String, _ subject: String, _ detail: String
    ) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: last)
        // A JSON array keeps the fields apart: no two entries can spell the same bytes.
        let text = JSON.array([.integer(at), .string(principal), .string(action), .string(subject), .string(detail)])
        hash.update(data: text.bytes)
        return Array(hash.finalize())
    }
}
