import GRDB
import GRDBSQLite

/// When the write-ahead log is moved into the database.
///
/// In the writer's pauses, so that no caller waits for it; under unbroken load only
/// when the log has grown long. Readers are not waited for: what they still need
/// stays in the log and is moved the next time, until the log is so long that a
/// short wait is the lesser evil.
struct Checkpointing {
    /// Pages after which a pause is used.
    private static let pausePages = 8_192
    /// Pages after which it is done under load.
    private static let loadPages = 65_536
    /// Pages after which readers are waited for, `patienceMilliseconds` at most.
    private static let waitPages = 262_144
    private static let patienceMilliseconds: Int32 = 250

    private var due = pausePages
    private var last = 0

    /// Says whether to do it now, given the pages in the log.
    mutating func isDue(pages: Int, idle: Bool) -> Bool {
        if pages < last { due = Checkpointing.pausePages }
        last = pages
        guard pages > (idle ? due : max(due, Checkpointing.loadPages)) else { return false }
        // Readers may have kept the log from beginning anew; what grew since is not worth two fsyncs yet.
        due = pages + Checkpointing.pausePages / 4
        return true
    }

    func run(_ db: Database, pages: Int, patience: Int32) throws {
        guard pages > Checkpointing.waitPages else {
            try db.checkpoint(.passive)
            return
        }
        sqlite3_busy_timeout(db.sqliteConnection, Checkpointing.patienceMilliseconds)
        defer { sqlite3_busy_timeout(db.sqliteConnection, patience) }
        try db.checkpoint(.restart)
    }
}
