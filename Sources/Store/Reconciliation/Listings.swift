package import Commerce
import Foundation
import GRDB

/// The digest of what a channel should show of one entity, as it is kept.
package struct ListingRow: Sendable {
    package let entity: Int64
    package let place: UInt64
    package let digest: [UInt8]

    package init(entity: Int64, place: UInt64, digest: [UInt8]) {
        self.entity = entity
        self.place = place
        self.digest = digest
    }
}

extension Reading {
    /// Which entities have changed since a channel's digests were made, and up to where that is known.
    ///
    /// - Parameter rules: what the digests depend on besides the units; other rules than before make all of them void.
    package func undigested(
        _ channel: ChannelRecord, rules: [UInt8]
    ) throws(StoreError) -> (entities: [Int64], through: Int64, isFresh: Bool) {
        try perform { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT digested, digest_rules FROM reconciliation WHERE channel = ?", arguments: [channel.number])
            let known: Data? = row?[1]
            let isFresh = known != Data(rules)
            let start: Int64 = isFresh ? 0 : row?[0] ?? 0
            let through = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM unit") ?? 0
            let sql = start == 0 ? "SELECT num FROM entity ORDER BY num" : "SELECT DISTINCT entity FROM unit WHERE seq > ? ORDER BY entity"
            let entities = try Int64.fetchAll(db, sql: sql, arguments: start == 0 ? [] : [start])
            return (entities, max(start, through), isFresh)
        }
    }

    /// All digests of a channel's listings.
    package func listings(_ channel: ChannelRecord) throws(StoreError) -> [ListingRow] {
        try perform { db in
            var rows: [ListingRow] = []
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT entity, place, digest FROM listing WHERE channel = ?", arguments: [channel.number])
            while let row = try cursor.next() {
                rows.append(
                    ListingRow(entity: row[0], place: UInt64(bitPattern: row[1]), digest: [UInt8](row[2] as Data)))
            }
            return rows
        }
    }

    /// What a channel without clocks is known to hold, entity by entity: each unit with the hash of what it showed.
    package func eachShadowed(
        _ channel: ChannelRecord, _ body: (Int64, EntityRef, [(unit: UnitName, hash: [UInt8])]) -> Void
    ) throws(StoreError) {
        let directory = self.directory
        try perform { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT shadow.entity, entity.kind, entity.id, shadow.name, shadow.held FROM shadow
                    JOIN entity ON entity.num = shadow.entity
                    WHERE shadow.channel = ? AND shadow.held IS NOT NULL ORDER BY shadow.entity
                    """, arguments: [channel.number])
            var held: (number: Int64, entity: EntityRef, units: [(unit: UnitName, hash: [UInt8])])?
            while let row = try rows.next() {
                let number: Int64 = row[0]
                if let whole = held, whole.number != number {
                    body(whole.number, whole.entity, whole.units)
                    held = nil
                }
                let entity = try EntityRef(row, at: 1)
                var whole = held ?? (number, entity, [])
                held = nil
                if let unit = directory.unit(row[3]) { whole.units.append((unit, [UInt8](row[4] as Data))) }
                held = whole
            }
            if let whole = held { body(whole.number, whole.entity, whole.units) }
        }
    }

    /// The entities behind their numbers, those that are still there.
    package func entities(numbered numbers: [Int64]) throws(StoreError) -> [EntityRef] {
        var entities: [EntityRef] = []
        for number in numbers {
            let row = try perform { db in
                try Row.fetchOne(
                    db.cachedStatement(sql: "SELECT kind, id FROM entity WHERE num = ?"), arguments: [number])
            }
            if let row { entities.append(try EntityRef(row, at: 0)) }
        }
        return entities
    }

    /// Entities a channel should show that a complete look at it did not, in the order they were created.
    ///
    /// - Parameter time: what was created or changed later may only not have been there yet.
    package func unseen(
        _ channel: ChannelRecord, keepsClocks: Bool, changedBefore time: Timestamp, limit: Int
    ) throws(StoreError) -> [EntityRef] {
        guard let life = directory.number(of: .life) else { return [] }
        let held = keepsClocks
            ? "unit.seq <= (SELECT position FROM cursor WHERE channel = ?1 AND direction = 'push')"
            : "EXISTS (SELECT 1 FROM shadow WHERE channel = ?1 AND entity = unit.entity AND name = unit.name AND held IS NOT NULL)"
        let rows = try perform { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT entity.kind, entity.id FROM unit JOIN entity ON entity.num = unit.entity
                    JOIN change ON change.seq = unit.seq
                    WHERE unit.name = ?2 AND change.at < ?3 AND \(held)
                        AND CASE change.live WHEN 1 THEN change.live_value ELSE change.value END <> ?4
                        AND NOT EXISTS (SELECT 1 FROM seen WHERE channel = ?1 AND entity = unit.entity)
                        AND NOT EXISTS (SELECT 1 FROM exception WHERE channel = ?1 AND entity = unit.entity)
                    ORDER BY unit.entity LIMIT ?5
                    """,
                arguments: [channel.number, life, time.milliseconds, Data((["state": "deleted"] as JSON).bytes), limit])
        }
        var entities: [EntityRef] = []
        for row in rows { entities.append(try EntityRef(row, at: 0)) }
        return entities
    }
}

extension Writing {
    /// Keeps digests made anew; an entity without one is no longer listed.
    package func digest(
        _ channel: ChannelRecord, _ rows: [ListingRow], gone: [Int64]
    ) throws(StoreError) {
        try perform { db in
            for row in rows {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO listing (channel, entity, place, digest) VALUES (?, ?, ?, ?)
                        ON CONFLICT (channel, entity) DO UPDATE SET place = excluded.place, digest = excluded.digest
                        """
                ).execute(arguments: [channel.number, row.entity, Int64(bitPattern: row.place), Data(row.digest)])
            }
            for entity in gone {
                try db.cachedStatement(sql: "DELETE FROM listing WHERE channel = ? AND entity = ?").execute(
                    arguments: [channel.number, entity])
            }
        }
    }

    /// Notes up to where a channel's digests are true, and by which rules.
    package func digested(_ channel: ChannelRecord, through sequence: Int64, rules: [UInt8]) throws(StoreError) {
        try perform { db in
            try db.execute(
                sql: """
                    INSERT INTO reconciliation (channel, digested, digest_rules) VALUES (?, ?, ?)
                    ON CONFLICT (channel) DO UPDATE SET digested = excluded.digested, digest_rules = excluded.digest_rules
                    """, arguments: [channel.number, sequence, Data(rules)])
        }
    }
}
