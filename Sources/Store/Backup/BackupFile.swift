import Commerce
import Foundation
import GRDB

/// A backup as a file: what is in it, and whether it is whole.
struct BackupFile {
    let path: String
    let disk: any Disk

    /// Counts what is in a database that nobody else uses, after SQLite has checked every page.
    ///
    /// - Throws: `.damagedBackup` when a page, an index or a type is not what it must be.
    static func examine(_ db: Database, path: String) throws -> Contents {
        let problems = try String.fetchAll(db, sql: "PRAGMA integrity_check(3)")
        guard problems == ["ok"] else {
            // A page the disk would not give is no damage: the check has to be made again on a disk that reads.
            if let unread = problems.first(where: { $0.contains("unable to get the page. error code=") }) {
                throw StoreError.failed("\(path) cannot be read: \(unread.split(separator: "\n").last ?? "")")
            }
            throw StoreError.damagedBackup(path: path, reason: problems.joined(separator: "; "))
        }
        for table in ["meta", "change", "unit", "entity", "migration"] {
            guard try db.tableExists(table) else {
                throw StoreError.damagedBackup(path: path, reason: "it is a database, but not a Heyi store")
            }
        }
        func number(_ sql: String) throws -> Int64 { try Int64.fetchOne(db, sql: sql) ?? 0 }
        return Contents(
            schema: Int(try number("SELECT max(number) FROM migration")),
            generation: try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'generation'") ?? "",
            sequence: try number(db.tableExists("moved") ? Migration.newestSequence : "SELECT max(seq) FROM change"), changes: try number("SELECT count(*) FROM change"),
            units: try number("SELECT count(*) FROM unit"), entities: try number("SELECT count(*) FROM entity"),
            takenAt: try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'taken_at'").flatMap { Int64($0) } ?? 0)
    }

    struct Contents {
        let schema: Int
        let generation: String
        let sequence: Int64
        let changes: Int64
        let units: Int64
        let entities: Int64
        let takenAt: Int64
    }

    /// Marks a copy so that whoever opens it begins a new life, by whatever way it got there.
    static func markRestored(_ db: Database, takenAt: Int64?) throws {
        try db.execute(sql: "INSERT INTO meta (key, value) VALUES ('restored', '1') ON CONFLICT DO NOTHING")
        if let takenAt {
            try db.execute(
                sql: "INSERT INTO meta (key, value) VALUES ('taken_at', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                arguments: [String(takenAt)])
        }
    }

    /// Reads the file against its manifest and its own structure.
    ///
    /// - Parameter digest: of the file, where the caller has just read it anyway.
    func verify(_ digest: (sha256: String, bytes: Int64)? = nil, manifest: String) throws -> BackupReport {
        guard disk.exists(path) else { throw StoreError.notFound(path) }
        let found = try digest ?? disk.digest(path, copyTo: nil)
        let noted = try readManifest(manifest)
        if let noted {
            guard noted["bytes"]?.integer == found.bytes else {
                throw StoreError.damagedBackup(
                    path: path, reason: "it has \(found.bytes) bytes, its manifest says \(noted["bytes"]?.text ?? "nothing")")
            }
            guard noted["sha256"]?.string == found.sha256 else {
                throw StoreError.damagedBackup(path: path, reason: "its SHA-256 is not the one in its manifest")
            }
        }
        let contents = try BackupFile.open(path) { db in try BackupFile.examine(db, path: path) }
        let known = Migration.all.last?.number ?? 0
        guard contents.schema <= known else { throw StoreError.newerSchema(found: contents.schema, known: known) }
        return BackupReport(path: path, found, contents, checksummed: noted != nil)
    }

    func compareSize(manifest: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw StoreError.notFound(path) }
        guard let noted = try readManifest(manifest) else { return }
        guard noted["bytes"]?.integer == Int64(status.st_size) else {
            throw StoreError.damagedBackup(
                path: path, reason: "it has \(status.st_size) bytes, its manifest says \(noted["bytes"]?.text ?? "nothing")")
        }
    }

    private func readManifest(_ manifest: String) throws -> JSON? {
        guard disk.exists(manifest) else { return nil }
        guard let bytes = disk.contents(manifest) else { throw StoreError.readOnly(manifest) }
        do throws(JSONError) { return try JSON.parse(bytes) } catch {
            throw StoreError.damagedBackup(path: path, reason: "its manifest \(manifest) cannot be read: \(error)")
        }
    }

    /// Opens the file alone and closes it again; what SQLite cannot read is a damaged backup.
    static func open<T>(_ path: String, _ body: (Database) throws -> T) throws -> T {
        do {
            var configuration = Configuration()
            configuration.label = "heyi.backup"
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let result = try queue.writeWithoutTransaction(body)
            try queue.close()
            return result
        } catch {
            let failure = StoreError.from(error)
            if case .corrupt(let reason) = failure { throw StoreError.damagedBackup(path: path, reason: reason) }
            throw failure
        }
    }
}

extension BackupReport {
    init(
        path: String, _ digest: (sha256: String, bytes: Int64), _ contents: BackupFile.Contents, checksummed: Bool
    ) {
        self.init(
            path: path, bytes: digest.bytes, sha256: digest.sha256, checksummed: checksummed, schema: contents.schema,
            generation: contents.generation, sequence: contents.sequence, changes: contents.changes,
            units: contents.units, entities: contents.entities, takenAt: Timestamp(milliseconds: contents.takenAt))
    }
}
