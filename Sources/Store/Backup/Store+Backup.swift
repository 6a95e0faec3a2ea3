import Commerce
import Foundation
import GRDB

extension Store {
    /// Copies the store as it is at this moment to one file, while writes go on.
    ///
    /// The copy is made under another name, checked page by page, made durable, and
    /// only then gets its own; beside it stands `path.manifest` with its SHA-256. The
    /// copy is marked so that any store opened from it begins a new life.
    ///
    /// - Parameter replace: whether an older backup at `path` may be replaced.
    /// - Throws: ``StoreError``; nothing is left at `path` that was not there before.
    package func backup(
        to path: String, replace: Bool = false, progress: (@Sendable (BackupProgress) -> Void)? = nil
    ) async throws(StoreError) -> BackupReport {
        let source = connection
        let takenAt = surroundings.time.now()
        let disk = self.disk
        return try await Store.beside(disk) {
            guard replace || !disk.exists(path) else {
                throw StoreError.contradiction("\(path) exists; give another name, or allow it to be replaced")
            }
            let partial = path + ".partial"
            do {
                try BackupFile.removeAll(of: partial, on: disk)
                let contents = try Store.copy(source, to: partial, takenAt: takenAt, progress)
                try disk.sync(partial)
                let report = BackupReport(path: path, try disk.digest(partial, copyTo: nil), contents, checksummed: true)
                // The manifest of an older backup must never stand beside the new file.
                try disk.remove(BackupReport.manifestPath(path))
                try disk.move(partial, to: path)
                try disk.write(report.manifest.bytes, to: BackupReport.manifestPath(path))
                return report
            } catch {
                let failure = StoreError.from(error)
                try BackupFile.removeAll(of: partial, on: disk)
                throw failure
            }
        }
    }

    /// Says what a backup holds, after reading all of it.
    ///
    /// - Throws: `.damagedBackup` when a bit is not what it was, `.newerSchema`, `.notFound`.
    package static func verifyBackup(
        _ path: String, on disk: any Disk = SystemDisk()
    ) async throws(StoreError) -> BackupReport {
        try await beside(disk) { try BackupFile(path: path, disk: disk).verify(manifest: BackupReport.manifestPath(path)) }
    }

    /// Runs slow file work on a thread of its own.
    static func beside<T: Sendable>(
        _ disk: any Disk, _ body: @escaping @Sendable () throws -> T
    ) async throws(StoreError) -> T {
        if disk.answersOnCaller {
            do { return try body() } catch { throw StoreError.from(error) }
        }
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            DispatchQueue(label: "heyi.store.backup").async {
                do { continuation.resume(returning: .success(try body())) } catch {
                    continuation.resume(returning: .failure(StoreError.from(error)))
                }
            }
        }
        return try result.get()
    }

    private static func copy(
        _ source: any DatabaseWriter, to path: String, takenAt: Timestamp,
        _ progress: (@Sendable (BackupProgress) -> Void)?
    ) throws -> BackupFile.Contents {
        let target = try DatabaseQueue(path: path)
        // A snapshot holds one read transaction throughout, so that no commit makes SQLite start over.
        let reader: any DatabaseReader = try (source as? DatabasePool)?.makeSnapshot() ?? source
        try reader.backup(to: target, pagesPerStep: 256) { step in
            progress?(BackupProgress(pagesDone: step.completedPageCount, pagesTotal: step.totalPageCount))
        }
        let contents = try target.writeWithoutTransaction { db in
            // One file, without a write-ahead log beside it that could be left behind.
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
            try BackupFile.markRestored(db, takenAt: takenAt.milliseconds)
            return try BackupFile.examine(db, path: path)
        }
        try target.close()
        return contents
    }
}

extension BackupFile {
    /// Takes away a database file and what SQLite may have left beside it.
    static func removeAll(of path: String, on disk: any Disk) throws {
        for suffix in ["", "-journal", "-wal", "-shm"] { try disk.remove(path + suffix) }
    }
}

extension Store {
    /// Compares a backup with what its manifest says of it without reading it: its size alone.
    ///
    /// - Throws: `.damagedBackup` when it is cut or its manifest cannot be read, `.notFound`.
    package static func compareBackupSize(_ path: String) throws(StoreError) {
        do { try BackupFile(path: path, disk: SystemDisk()).compareSize(manifest: BackupReport.manifestPath(path)) } catch {
            throw StoreError.from(error)
        }
    }
}
