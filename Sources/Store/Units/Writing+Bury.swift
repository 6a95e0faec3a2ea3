package import Commerce
import ConflictResolution
import Foundation
import GRDB

extension Reading {
    /// Entities that were deleted so long ago, and are so surely known as deleted, that they may be buried.
    ///
    /// Deleted means: what is live of `life` says so, longer than `age` ago, and nothing
    /// of the entity changed since. Known means: every channel that is not retired is
    /// acknowledged past all its changes, has no exception and no push in flight for it.
    /// What there ever was stock of stays: its entries name it for ever.
    /// The feed's newest change is never among them, so that sequences cannot repeat.
    /// - Parameter whoeverKnows: a mistake only a simulation plants: asks for no channel's acknowledgement.
    package func buriable(
        olderThan age: Duration, at now: Timestamp, limit: Int, whoeverKnows: Bool = false
    ) throws(StoreError) -> [EntityRef] {
        guard let life = directory.number(of: .life) else { return [] }
        let before = now.milliseconds - age.milliseconds
        return try perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT entity.kind, entity.id FROM unit JOIN change ON change.seq = unit.seq
                        JOIN entity ON entity.num = unit.entity
                        WHERE unit.name = ?1 AND change.at < ?2
                            AND CASE change.live WHEN 1 THEN change.live_value ELSE change.value END = ?3
                            AND NOT EXISTS (SELECT 1 FROM unit AS other JOIN change AS newest ON newest.seq = other.seq
                                WHERE other.entity = unit.entity AND (newest.at >= ?2
                                    OR NOT ?5 AND other.seq > (SELECT coalesce(min(position), \(Int64.max)) FROM cursor
                                        JOIN channel ON channel.num = cursor.channel
                                        WHERE direction = 'push' AND channel.state <> 'retired')
                                    OR other.seq = (SELECT max(seq) FROM change)))
                            AND (?5 OR NOT EXISTS (SELECT 1 FROM exception WHERE exception.entity = unit.entity))
                            AND NOT EXISTS (SELECT 1 FROM conflict
                                WHERE conflict.entity = unit.entity AND resolved_seq IS NULL)
                            AND NOT EXISTS (SELECT 1 FROM stock WHERE stock.sku = unit.entity)
                            AND NOT EXISTS (SELECT 1 FROM shadow
                                WHERE shadow.entity = unit.entity AND pushing_seq IS NOT NULL)
                            AND (?5 OR NOT EXISTS (SELECT 1 FROM channel WHERE observing = 1 AND state <> 'retired'))
                        ORDER BY unit.seq LIMIT ?4
                        """), arguments: [life, before, Data(Reading.deleted), limit, whoeverKnows]
            ).map { row in try EntityRef(row, at: 0) }
        }
    }

    private static let deleted = (["state": "deleted"] as JSON).bytes
}

extension Writing {
    /// How long a deleted entity is kept when nothing else is said: longer than backups usually are.
    package static let retention: Duration = .seconds(180 * 86_400)

    /// Takes away what is left of entities deleted long ago and known as deleted everywhere.
    ///
    /// A grave stays for ever: the id and the last clock of its `life`. The id is never
    /// used again, and a late write to it is answered as about something unknown. Call it
    /// again while it returns `limit` entities; each call is one short transaction.
    /// - Returns: what was buried.
    @discardableResult
    package func bury(
        olderThan age: Duration = Writing.retention, limit: Int = 200
    ) throws(StoreError) -> [EntityRef] {
        let now = desk.surroundings.time.now()
        let due = try reading.buriable(olderThan: age, at: now, limit: limit, whoeverKnows: planted == .buriesEarly)
        for entity in due {
            guard let number = try reading.entityNumber(entity),
                let life = try reading.head(UnitRef(entity, .life))
            else { throw .corrupt("\(entity) was to be buried and is not there") }
            try perform { db in
                try db.cachedStatement(sql: "INSERT INTO grave (kind, id, clock, buried_at) VALUES (?, ?, ?, ?)").execute(
                    arguments: [
                        entity.kind.rawValue, entity.id.text, UnitState.encode(life.clock, desk.directory), now.milliseconds,
                    ])
                for name in try Int64.fetchAll(db, sql: "SELECT seq FROM unit WHERE entity = ?", arguments: [number]) {
                    try removeChain(from: name, db)
                }
                for table in ["unit", "alias", "shadow", "seen", "conflict", "listing", "shelf_mark"] {
                    try db.cachedStatement(sql: "DELETE FROM \(table) WHERE entity = ?").execute(arguments: [number])
                }
                // Its number may become another's, which nobody has put into a cart.
                try db.cachedStatement(sql: "DELETE FROM cart_line WHERE sku = ?").execute(arguments: [number])
                try db.cachedStatement(sql: "DELETE FROM entity WHERE num = ?").execute(arguments: [number])
                desk.entity = nil
            }
        }
        return due
    }

    /// Follows a chain backwards: changes have no index by unit, and need none for this.
    private func removeChain(from head: Int64, _ db: Database) throws {
        var next: Int64? = head
        while let sequence = next {
            next = try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT previous FROM change WHERE seq = ?"), arguments: [sequence])
            try db.cachedStatement(sql: "DELETE FROM change WHERE seq = ?").execute(arguments: [sequence])
        }
    }
}

extension Reading {
    /// Whether an id was buried: it existed, was deleted, and will not exist again.
    package func isBuried(_ entity: EntityRef) throws(StoreError) -> Bool {
        try perform { db in
            try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT 1 FROM grave WHERE kind = ? AND id = ?"),
                arguments: [entity.kind.rawValue, entity.id.text]) ?? false
        }
    }
}
