import Crypto
import GRDB

/// One step of the schema: SQL text only, run once in one transaction, never edited afterwards.
struct Migration: Sendable {
    let number: Int
    let sql: String

    /// SHA-256 of the text, so an edited step is noticed instead of silently skipped.
    var checksum: String {
        Array(SHA256.hash(data: Array(sql.utf8))).hexadecimal
    }

    static let all: [Migration] = [.catalog, .channels, .operations, .reconciliation, .stock, .checkout, .orders, .shelf, .pricing, .gateways, .bills, .parcels]
}

extension Migration {
    /// Brings a database to the newest schema.
    static func migrate(_ db: Database, at milliseconds: Int64, steps all: [Migration] = Migration.all) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS migration (
                    number INTEGER PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT
                """)
        let applied = try Row.fetchAll(db, sql: "SELECT number, checksum FROM migration ORDER BY number")
        for row in applied {
            let number: Int = try row.read(0)
            guard let known = all.first(where: { $0.number == number }) else {
                throw StoreError.newerSchema(found: number, known: all.last?.number ?? 0)
            }
            guard known.checksum == (try row.read(1, as: String.self)) else { throw StoreError.changedMigration(number: number) }
        }
        for migration in all.dropFirst(applied.count) {
            try db.inTransaction(.immediate) {
                try db.execute(sql: migration.sql)
                try db.execute(
                    sql: "INSERT INTO migration (number, checksum, applied_at) VALUES (?, ?, ?)",
                    arguments: [migration.number, migration.checksum, milliseconds])
                return .commit
            }
        }
    }
}
