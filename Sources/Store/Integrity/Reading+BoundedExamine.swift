import GRDB
import GRDBSQLite

extension Reading {
    /// Examines the store like ``examine(limit:)``, and stops when nobody waits for the answer any more.
    ///
    /// A look that goes on would hold the log back from being cleared.
    ///
    /// - Returns: nil when it was stopped.
    package func examine(limit: Int = 20, until isOver: @escaping @Sendable () -> Bool) throws(StoreError) -> [Finding]? {
        let watch = Watch(isOver)
        let connection = db.sqliteConnection
        sqlite3_progress_handler(
            connection, 20_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Watch>.fromOpaque(context).takeUnretainedValue().isOver() ? 1 : 0
            }, Unmanaged.passUnretained(watch).toOpaque())
        defer {
            sqlite3_progress_handler(connection, 0, nil, nil)
            withExtendedLifetime(watch) {}
        }
        do throws(StoreError) {
            let findings = try examine(limit: limit)
            return isOver() ? nil : findings
        } catch {
            if isOver() { return nil }
            throw error
        }
    }

    private final class Watch {
        let isOver: @Sendable () -> Bool

        init(_ isOver: @escaping @Sendable () -> Bool) { self.isOver = isOver }
    }
}
