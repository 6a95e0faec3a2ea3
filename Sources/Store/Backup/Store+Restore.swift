import Foundation
import GRDB

extension Store {
    /// Puts a verified backup into a directory, from where it can be opened.
    ///
    /// The store opened from it begins a new life: another generation, new incarnations
    /// of the hub and of every channel, all channels observed before anything is pushed.
    /// Whatever stood in the directory is moved aside into `replaced-N`, never deleted.
    /// Until the last step is done the directory refuses to be opened, so an interrupted
    /// restore is repeated and never mistaken for an empty store.
    ///
    /// - Parameter replace: whether a directory that already holds a store is taken.
    /// - Throws: ``StoreError``: `.damagedBackup` before anything is touched,
    ///   `.alreadyRunning`, `.contradiction` when the directory is not empty.
    package static func restore(
        from path: String, to directory: String, replace: Bool = false, on disk: any Disk = SystemDisk()
    ) async throws(StoreError) -> BackupReport {
        try await beside(disk) {
            guard disk.exists(path) else { throw StoreError.notFound(path) }
            let claim = disk.isShared ? try DirectoryClaim(directory: directory) : nil
            defer { claim?.release() }
            let standing = RestorePlace(directory: directory, disk: disk)
            let occupied = standing.occupants
            guard replace || occupied.isEmpty else {
                throw StoreError.contradiction(
                    "\(directory) already holds a store (\(occupied.joined(separator: ", "))); restore elsewhere, or allow it to be replaced")
            }
            // What is verified is the very copy that will be used, not a file that may change meanwhile.
            let staged = directory + "/heyi.db.restoring"
            let report: BackupReport
            do {
                try BackupFile.removeAll(of: staged, on: disk)
                let digest = try disk.digest(path, copyTo: staged)
                report = try BackupFile(path: staged, disk: disk).verify(digest, manifest: BackupReport.manifestPath(path))
                try BackupFile.open(staged) { db in try BackupFile.markRestored(db, takenAt: nil) }
                try disk.sync(staged)
            } catch {
                let failure = StoreError.from(error)
                try BackupFile.removeAll(of: staged, on: disk)
                if case .damagedBackup(_, let reason) = failure { throw StoreError.damagedBackup(path: path, reason: reason) }
                throw failure
            }
            try standing.exchange(for: staged)
            return report.at(path)
        }
    }
}

extension BackupReport {
    fileprivate func at(_ path: String) -> BackupReport {
        BackupReport(
            path: path, bytes: bytes, sha256: sha256, checksummed: checksummed, schema: schema, generation: generation,
            sequence: sequence, changes: changes, units: units, entities: entities, takenAt: takenAt)
    }
}

/// A directory while a store in it is being replaced.
struct RestorePlace {
    let directory: String
    let disk: any Disk

    private static let files = ["heyi.db", "heyi.db-wal", "heyi.db-shm", "heyi.db-journal", "heyi.life"]
    private var marker: String { directory + "/heyi.restoring" }

    /// Which of a store's files are there.
    var occupants: [String] {
        RestorePlace.files.filter { disk.exists("\(directory)/\($0)") }
    }

    /// Refuses a directory in which a restore began and did not end.
    func assertWhole() throws {
        guard !disk.exists(marker) else {
            throw StoreError.contradiction(
                "a restore into \(directory) was interrupted. Run it again: heyi restore BACKUP --directory \(directory) --replace")
        }
    }

    /// Moves the old store aside and the staged database into its place.
    func exchange(for staged: String) throws {
        try disk.write([], to: marker)
        let old = occupants
        if !old.isEmpty {
            var number = 1
            while try !disk.makeFolder("\(directory)/replaced-\(number)") { number += 1 }
            // The log goes with its database: left behind, it would be played into the new one.
            for file in old { try disk.move("\(directory)/\(file)", to: "\(directory)/replaced-\(number)/\(file)") }
        }
        try disk.move(staged, to: directory + "/heyi.db")
        try disk.remove(marker)
        try disk.sync(directory)
    }
}
