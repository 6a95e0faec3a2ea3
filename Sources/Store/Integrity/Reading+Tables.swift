import GRDB
import GRDBSQLite

/// A table and how many rows are in it.
package struct TableFigure: Hashable, Sendable {
    package let name: String
    package let rows: Int64
}

extension Reading {
    /// Every table with its size, by name. Counts row by row.
    package func tables() throws(StoreError) -> [TableFigure] {
        try perform { db in
            let names = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            return try names.map { name in
                TableFigure(name: name, rows: try Int64.fetchOne(db, sql: "SELECT count(*) FROM \(name.quotedDatabaseIdentifier)") ?? 0)
            }
        }
    }

    /// The statements the schema is made of, which name tables and columns and nothing of their content.
    package func schemaStatements() throws(StoreError) -> [String] {
        try perform { db in
            try String.fetchAll(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name")
        }
    }

    /// Bytes the database has in pages, and bytes of those that are empty.
    package func pageFigures() throws(StoreError) -> (bytes: Int64, free: Int64) {
        try perform { db in
            func number(_ name: String) throws -> Int64 { try Int64.fetchOne(db, sql: "PRAGMA \(name)") ?? 0 }
            let size = try number("page_size")
            return (try number("page_count") * size, try number("freelist_count") * size)
        }
    }
}

extension Store {
    /// The version of the SQLite that is linked, such as `3.40.1`.
    package static var sqliteVersion: String { String(cString: sqlite3_libversion()) }
}
