import Foundation
import GRDBSQLite

/// The rows that applying callbacks writes, written by SQLite alone: no check, no clock, no merge.
///
/// Works on a copy of the store the measured side works on, so tables, indices and fill are the same.
final class RawRows {
    private var database: OpaquePointer?
    private var statements: [OpaquePointer?] = []

    init(file: String) throws {
        try require(sqlite3_open(file, &database) == SQLITE_OK, "cannot open \(file)")
        try run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0")
        statements = try [
            """
            INSERT INTO change (seq, entity, name, previous, actor, count, context, clock, stamp, at, value, live,
                live_value, author, origin, reason, question)
            VALUES (?1, ?2, 1, ?2, 1, 2, x'020101', x'02010102', ?3, ?3, ?4, 0, NULL, 'channel:bench', 'channel', NULL, NULL)
            """,
            "UPDATE unit SET seq = ?1, state = x'0201010201010101' WHERE entity = ?2 AND name = 1",
            "UPDATE inbox SET state = 'applied', applied_at = ?3, error = NULL, attempts = attempts + 1 WHERE num = ?5",
        ].map { sql in
            var statement: OpaquePointer?
            try require(sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK, message)
            return statement
        }
    }

    /// Writes `count` effects in batches of 128 and returns effects a second.
    func effects(_ count: Int, value: [UInt8], firstSequence: Int64) throws -> Double {
        let start = HostTime.nanoseconds
        for batch in stride(from: 0, to: count, by: 128) {
            try run("BEGIN IMMEDIATE")
            for index in batch..<min(batch + 128, count) {
                for statement in statements { try step(statement, index, value, firstSequence + Int64(index)) }
            }
            try run("COMMIT")
        }
        return Double(count) * 1e9 / Double(HostTime.nanoseconds - start)
    }

    private func step(_ statement: OpaquePointer?, _ index: Int, _ value: [UInt8], _ sequence: Int64) throws {
        let parameters = sqlite3_bind_parameter_count(statement)
        sqlite3_bind_int64(statement, 1, sequence)
        sqlite3_bind_int64(statement, 2, Int64(index + 1))
        if parameters >= 3 { sqlite3_bind_int64(statement, 3, 1_760_000_000_000) }
        if parameters >= 5 { sqlite3_bind_int64(statement, 5, Int64(index + 1)) }
        // Nil as destructor: the bytes stay where they are until the step is done.
        let stepped = value.withUnsafeBytes { bytes in
            if parameters == 4 { sqlite3_bind_blob(statement, 4, bytes.baseAddress, Int32(bytes.count), nil) }
            return sqlite3_step(statement)
        }
        try require(stepped == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK, message)
    }

    private var message: String { String(cString: sqlite3_errmsg(database)) }

    private func run(_ sql: String) throws {
        try require(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK, "\(sql): \(message)")
    }

    func close() {
        for statement in statements { sqlite3_finalize(statement) }
        sqlite3_close_v2(database)
    }
}
