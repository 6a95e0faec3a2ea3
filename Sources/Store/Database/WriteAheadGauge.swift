import GRDB
import GRDBSQLite

/// Knows how many pages wait in the write-ahead log, without asking the file.
///
/// SQLite tells it after each commit. The file's size would say less: it does not
/// shrink when the log begins anew.
final class WriteAheadGauge {
    private(set) var pages = 0

    /// Starts listening on the writer's connection, which must not commit once the gauge is gone.
    func attach(_ db: Database) {
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<WriteAheadGauge>.fromOpaque(context).takeUnretainedValue().pages = Int(pages)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
