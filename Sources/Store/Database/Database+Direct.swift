import GRDB
import GRDBSQLite

/// Statements run straight on SQLite, for the paths every write and every page of the feed take.
///
/// GRDB boxes each argument and copies each row; in a commit of thousands of statements that
/// costs more than SQLite's own work. Statements come from GRDB's cache and must not be in use
/// when they are run again, so `each` copies what it needs and asks no more of the same statement.
extension Database {
    /// Runs a statement that answers nothing.
    func run(_ sql: String, _ bind: (Bindings) -> Void = { _ in }) throws {
        try rows(sql, bind) { _ in false }
    }

    /// The first row of an answer.
    func first<T>(_ sql: String, _ bind: (Bindings) -> Void = { _ in }, _ read: (Columns) throws -> T) throws -> T? {
        var found: T?
        try rows(sql, bind) { columns in
            found = try read(columns)
            return false
        }
        return found
    }

    /// All rows of an answer.
    func all<T>(_ sql: String, _ bind: (Bindings) -> Void = { _ in }, _ read: (Columns) throws -> T) throws -> [T] {
        var found: [T] = []
        try rows(sql, bind) { columns in
            found.append(try read(columns))
            return true
        }
        return found
    }

    /// Hands over row after row until `each` has enough.
    func rows(_ sql: String, _ bind: (Bindings) -> Void, _ each: (Columns) throws -> Bool) throws {
        // The connection of a closed database is gone, and GRDB says so.
        let statement = try cachedStatement(sql: sql).sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        bind(Bindings(statement: statement))
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                if try !each(Columns(statement: statement)) { return }
            case SQLITE_DONE: return
            default: throw failure
            }
        }
    }

    /// Runs `body` in a transaction that only reads, on statements that are prepared once and not for each reader.
    func atOneMoment<T>(_ body: () throws -> T) throws -> T {
        try run("BEGIN DEFERRED TRANSACTION")
        let answer: T
        do { answer = try body() } catch {
            try rollback()
            throw error
        }
        try run("COMMIT")
        return answer
    }

    private var failure: DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)),
            message: String(cString: sqlite3_errmsg(sqliteConnection)))
    }
}

/// The parameters of a statement, by their number from 1.
struct Bindings {
    fileprivate let statement: OpaquePointer

    // SQLite copies the bytes before it returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func set(_ index: Int32, _ value: Int64?) {
        guard let value else { return }
        sqlite3_bind_int64(statement, index, value)
    }

    func set(_ index: Int32, _ text: String?) {
        guard var text else { return }
        text.withUTF8 { bytes in
            // An empty text may have no address, and no address would be NULL.
            guard let start = bytes.baseAddress else {
                sqlite3_bind_text(statement, index, "", 0, Bindings.copied)
                return
            }
            start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { characters in
                _ = sqlite3_bind_text(statement, index, characters, Int32(bytes.count), Bindings.copied)
            }
        }
    }

    func set(_ index: Int32, _ bytes: [UInt8]?) {
        guard let bytes else { return }
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(statement, index, 0)
            return
        }
        bytes.withUnsafeBytes { raw in
            _ = sqlite3_bind_blob(statement, index, raw.baseAddress, Int32(raw.count), Bindings.copied)
        }
    }
}

/// The columns of the row a statement stands at, by their number from 0.
///
/// In a damaged file a row may hold anything, so each says `.corrupt` for what is of another type.
struct Columns {
    fileprivate let statement: OpaquePointer

    func isNull(_ index: Int32) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }

    func integer(_ index: Int32) throws(StoreError) -> Int64 {
        try require(index, SQLITE_INTEGER)
        return sqlite3_column_int64(statement, index)
    }

    func integerIfAny(_ index: Int32) throws(StoreError) -> Int64? { isNull(index) ? nil : try integer(index) }
    func textIfAny(_ index: Int32) throws(StoreError) -> String? { isNull(index) ? nil : try text(index) }
    func bytesIfAny(_ index: Int32) throws(StoreError) -> [UInt8]? { isNull(index) ? nil : try bytes(index) }

    func text(_ index: Int32) throws(StoreError) -> String {
        try require(index, SQLITE_TEXT)
        guard let bytes = sqlite3_column_text(statement, index) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, index))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func bytes(_ index: Int32) throws(StoreError) -> [UInt8] {
        try withBytes(index) { bytes throws(StoreError) in [UInt8](bytes) }
    }

    /// A blob where it lies, valid inside `body` alone.
    func withBytes<T>(_ index: Int32, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> T) throws(StoreError) -> T {
        try require(index, SQLITE_BLOB)
        let count = Int(sqlite3_column_bytes(statement, index))
        return try body(UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, index), count: count))
    }

    private func require(_ index: Int32, _ type: Int32) throws(StoreError) {
        guard sqlite3_column_type(statement, index) == type else {
            throw .corrupt("column \(index) of a row holds another type than it must")
        }
    }
}
