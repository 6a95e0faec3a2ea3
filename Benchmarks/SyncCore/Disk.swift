import Commerce
import Foundation
import GRDBSQLite

/// How long the disk takes to make one page durable.
struct Disk {
    let directory: String

    func measure() throws -> Figure {
        let file = open(directory + "/probe", O_RDWR | O_CREAT, 0o600)
        try require(file >= 0, "cannot write in \(directory)")
        defer { close(file) }
        let page = [UInt8](repeating: 7, count: 4_096)
        let times = try (0..<200).map { index in
            try seconds {
                let written = pwrite(file, page, page.count, off_t(index * page.count))
                try require(written == page.count && fdatasync(file) == 0, "the probe could not be written")
            }
        }
        return Figure(name: "disk: write 4 KiB and sync, median", value: times.sorted()[100] * 1e6, unit: "µs")
    }
}

/// What SQLite does when it does nothing else: one table, one row a unit, 128 rows to a durable commit.
struct RawSQLite {
    let file: String
    let rows: Int

    func measure() throws -> Figure {
        var database: OpaquePointer?
        var insert: OpaquePointer?
        try require(sqlite3_open(file, &database) == SQLITE_OK, "cannot open \(file)")
        defer { sqlite3_close_v2(database) }
        try run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", database)
        try run("CREATE TABLE unit (num INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT", database)
        let prepared = sqlite3_prepare_v2(database, "INSERT INTO unit (value) VALUES (?)", -1, &insert, nil)
        try require(prepared == SQLITE_OK, "cannot prepare")
        defer { sqlite3_finalize(insert) }
        let value = Applying.value(0).bytes
        let taken = try seconds {
            for start in stride(from: 0, to: rows, by: 128) {
                try run("BEGIN IMMEDIATE", database)
                for _ in start..<min(start + 128, rows) {
                    // Nil as destructor: the bytes stay where they are until the step is done.
                    let stepped = value.withUnsafeBytes { bytes in
                        sqlite3_bind_blob(insert, 1, bytes.baseAddress, Int32(bytes.count), nil)
                        return sqlite3_step(insert)
                    }
                    try require(stepped == SQLITE_DONE && sqlite3_reset(insert) == SQLITE_OK, "cannot insert")
                }
                try run("COMMIT", database)
            }
        }
        return Figure(name: "SQLite alone: bare rows, 128 a commit", value: Double(rows) / taken, unit: "rows/s")
    }

    private func run(_ sql: String, _ database: OpaquePointer?) throws {
        let result = sqlite3_exec(database, sql, nil, nil, nil)
        try require(result == SQLITE_OK, "\(sql): \(String(cString: sqlite3_errmsg(database)))")
    }
}
