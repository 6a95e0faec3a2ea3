import Foundation
import GRDB

/// What can be said of a store before anything in it is trusted.
package struct StoreCondition: Hashable, Sendable {
    /// Whether the file beside the database says that it is the one this directory was last used with.
    package enum Mark: String, Sendable {
        case fits
        case missing
        /// Another generation, a database that is behind it, or other files: restored by hand or copied.
        case foreign
    }

    /// The newest migration applied to it; 0 for none.
    package let schema: Int
    /// The newest this program knows.
    package let schemaKnown: Int
    /// A migration that was applied in other words than this program has.
    package let changedMigration: Int?
    package let generation: String
    package let epoch: Int64
    package let newest: Int64
    package let mark: Mark
    /// It came out of a backup and has not been opened since.
    package let awaitsRebirth: Bool
    /// A restore into the directory began and did not end.
    package let restoreInterrupted: Bool

    /// - Parameter directory: nil for a store in memory, whose mark always fits.
    init(_ db: Database, directory: String?) throws {
        schemaKnown = Migration.all.last?.number ?? 0
        var applied: [(number: Int, checksum: String)] = []
        if try db.tableExists("migration") {
            for row in try Row.fetchAll(db, sql: "SELECT number, checksum FROM migration ORDER BY number") {
                applied.append((try row.read(0), try row.read(1)))
            }
        }
        schema = applied.last?.number ?? 0
        changedMigration = applied.first { step in
            Migration.all.contains { $0.number == step.number && $0.checksum != step.checksum }
        }?.number
        var meta: [String: String] = [:]
        if try db.tableExists("meta") {
            for row in try Row.fetchAll(db, sql: "SELECT key, value FROM meta") { meta[try row.read(0)] = try row.read(1, as: String.self) }
        }
        generation = meta["generation"] ?? ""
        epoch = Int64(meta["epoch"] ?? "") ?? 0
        awaitsRebirth = meta["restored"] != nil
        // A store of an older schema has no such table yet.
        let counting = try db.tableExists("moved") ? Migration.newestSequence : "SELECT max(seq) FROM change"
        newest = try db.tableExists("change") ? Int64.fetchOne(db, sql: counting) ?? 0 : 0
        guard let directory else {
            (mark, restoreInterrupted) = (.fits, false)
            return
        }
        restoreInterrupted = SystemDisk().exists(directory + "/heyi.restoring")
        if let held = LifeMark(in: directory, on: SystemDisk()) {
            let fits = try held.accompanies(generation: generation, epoch: epoch, newest: newest, directory: directory, on: SystemDisk())
            mark = fits ? .fits : .foreign
        } else {
            mark = .missing
        }
    }
}

extension Store {
    /// How the open store and the files in its directory look now.
    package func condition() async throws(StoreError) -> StoreCondition {
        var path: String?
        if case .directory(let directory) = location { path = directory }
        let directory = path
        return try await read { reading throws(StoreError) in
            try reading.perform { db in try StoreCondition(db, directory: directory) }
        }
    }
}
