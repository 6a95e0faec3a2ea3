package import Commerce
import GRDB

extension Store {
    /// What a store in memory would find after its process was killed: all that was committed.
    ///
    /// - Parameter restored: Whether it is opened as a backup put back, which begins a new life.
    package func image(restored: Bool, surroundings: Surroundings) throws(StoreError) -> Store {
        let source = connection
        return try Store(.memory, surroundings: surroundings, readersMax: 1) { target in
            try source.writeWithoutTransaction { db in if db.isInsideTransaction { try db.rollback() } }
            try source.backup(to: target)
            if restored { try target.write { db in try BackupFile.markRestored(db, takenAt: nil) } }
        }
    }
}
