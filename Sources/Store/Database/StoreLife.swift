import Commerce
package import ConflictResolution
import Foundation
import GRDB

/// Which life of which store this is.
///
/// Counters are only trustworthy within one life. The database and a small file
/// beside it both carry the generation and the epoch of the last opening; when they
/// disagree, the database was restored or copied, and a new life begins: a new
/// generation, a new incarnation of every actor whose counters the old one kept,
/// and nothing is pushed before it has been observed.
package struct StoreLife: Sendable {
    /// Changes with each restore or copy; cursors of another generation are refused.
    package let generation: String
    /// Counts openings of this generation.
    package let epoch: Int64
    /// The actor under which this store itself writes.
    package let hub: ActorIdentity
    /// Why a new life began at this opening, nil when the last one goes on.
    package let rebirth: Rebirth?
    /// Whether any earlier life of this store may have been told things this one forgot.
    package let reborn: Bool

    package enum Rebirth: String, Sendable {
        case created
        case restored
        case copied
    }

    static func begin(
        _ db: Database, location: StoreLocation, on disk: any Disk, surroundings: Surroundings
    ) throws -> StoreLife {
        let stored = try meta(db)
        let newest = try Int64.fetchOne(db, sql: Migration.newestSequence) ?? 0
        let storedEpoch = Int64(stored["epoch"] ?? "") ?? 0
        var rebirth: Rebirth?
        var mark: LifeMark?
        if stored["generation"] == nil {
            rebirth = .created
        } else if stored["restored"] != nil, surroundings.planted != .keepsIncarnation {
            rebirth = .restored
        } else if case .directory(let directory) = location {
            mark = LifeMark(in: directory, on: disk)
            let known = try mark?.accompanies(
                generation: stored["generation"] ?? "", epoch: storedEpoch, newest: newest, directory: directory, on: disk)
            if known != true { rebirth = .copied }
        }
        let generation = rebirth == nil ? stored["generation"] ?? "" : surroundings.ids.next()
        // An opening that was cut off before its mark does not count: however often that happens, the mark is one behind.
        let isUncounted = mark.map { $0.epoch < storedEpoch } ?? false
        let epoch = rebirth == nil ? (isUncounted ? storedEpoch : storedEpoch + 1) : 1
        let incarnation = rebirth == nil ? stored["incarnation"] ?? "" : surroundings.ids.next()
        let hub = ActorIdentity(role: .hub, name: "main", incarnation: incarnation)
        func note() throws {
            guard case .directory(let directory) = location else { return }
            try LifeMark(generation: generation, epoch: epoch, sequence: newest, directory: directory, on: disk)
                .write(in: directory, on: disk)
        }
        // A new life has its mark first: cut off in between, the database still asks for one, and begins it again.
        if rebirth != nil { try note() }
        try db.inTransaction(.immediate) {
            for (key, value) in [
                ("generation", generation), ("epoch", String(epoch)), ("incarnation", incarnation),
            ] {
                try db.execute(
                    sql: "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    arguments: [key, value])
            }
            try db.execute(sql: "DELETE FROM meta WHERE key = 'restored'")
            try db.execute(
                sql: "INSERT INTO actor (identity) VALUES (?) ON CONFLICT DO NOTHING", arguments: [hub.description])
            if rebirth == .restored || rebirth == .copied {
                try db.execute(sql: "INSERT INTO meta (key, value) VALUES ('reborn', '1') ON CONFLICT DO NOTHING")
                try Rebirthing.reincarnateChannels(db, ids: surroundings.ids, at: surroundings.time.now())
            }
            return .commit
        }
        if rebirth == nil { try note() }
        return StoreLife(
            generation: generation, epoch: epoch, hub: hub, rebirth: rebirth,
            reborn: stored["reborn"] != nil || rebirth == .restored || rebirth == .copied)
    }

    private static func meta(_ db: Database) throws -> [String: String] {
        try Row.fetchAll(db, sql: "SELECT key, value FROM meta").reduce(into: [:]) {
            $0[try $1.read(0, as: String.self)] = try $1.read(1, as: String.self)
        }
    }
}

/// What a new life does to what the old one left behind.
enum Rebirthing {
    /// Gives every channel's ghost a new incarnation and starts each channel observing.
    ///
    /// What the channels hold may be newer than what this store remembers, so every
    /// shadow forgets what it believed, every push in flight is unknown, and pulls
    /// start again; pushes wait until a channel has been enumerated (`observing`).
    static func reincarnateChannels(_ db: Database, ids: any IDSource, at now: Timestamp) throws {
        for row in try Row.fetchAll(db, sql: "SELECT num, id FROM channel WHERE gateway IS NULL ORDER BY num") {
            let identity = ActorIdentity(role: .channel, name: row["id"], incarnation: ids.next())
            try db.execute(sql: "INSERT INTO actor (identity) VALUES (?)", arguments: [identity.description])
            try db.execute(
                sql: "UPDATE channel SET actor = ?, observing = 1, changed_at = ? WHERE num = ?",
                arguments: [db.lastInsertedRowID, now.milliseconds, row["num"] as Int64])
        }
        try db.execute(sql: "UPDATE cursor SET position = 0, remote = NULL, moved_at = ?", arguments: [now.milliseconds])
        try db.execute(sql: "DELETE FROM exception WHERE state <> 'dead'")
        try db.execute(sql: "UPDATE shadow SET held = NULL, held_value = NULL, version = NULL, pushing_seq = NULL, pushing_hash = NULL, operation = NULL")
    }
}
