package import Commerce
package import ConflictResolution
import Foundation
import GRDB

/// What the hub knows a channel without clocks holds of one unit.
package struct Shadow: Hashable, Sendable {
    /// The change the channel last agreed with; 0 when it never did.
    package var baseSequence: Int64
    /// What the channel had seen at that point, its own writes included.
    package var context: VectorClock
    /// SHA-256 of what it showed us then; nil when that is not known.
    package var heldHash: [UInt8]?
    /// What it showed, where that is not what it was sent: a lossy channel.
    package var heldValue: [UInt8]?
    /// The channel's own version mark.
    package var version: String?
    package var pushing: Pushing?

    /// A push that was committed to before it was sent and has no known outcome yet.
    package struct Pushing: Hashable, Sendable {
        package let sequence: Int64
        /// SHA-256 of what the channel would show if it landed.
        package let hash: [UInt8]
        package let operation: String

        package init(sequence: Int64, hash: [UInt8], operation: String) {
            self.sequence = sequence
            self.hash = hash
            self.operation = operation
        }

        /// Whether an operator gave it up: nobody waits for its outcome any more, but what it
        /// would have made the channel show is known when it turns up, and is no edit.
        package var isGivenUp: Bool { operation.isEmpty }

        var givenUp: Pushing { Pushing(sequence: sequence, hash: hash, operation: "") }
    }

    package init(
        baseSequence: Int64 = 0, context: VectorClock = VectorClock(), heldHash: [UInt8]? = nil,
        heldValue: [UInt8]? = nil, version: String? = nil, pushing: Pushing? = nil
    ) {
        self.baseSequence = baseSequence
        self.context = context
        self.heldHash = heldHash
        self.heldValue = heldValue
        self.version = version
        self.pushing = pushing
    }
}

extension Reading {
    package func shadow(_ channel: ChannelRecord, _ unit: UnitRef) throws(StoreError) -> Shadow? {
        guard let entity = try entityNumber(unit.entity), let name = directory.number(of: unit.unit) else { return nil }
        let row = try perform { db in
            try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT base_seq, context, held, held_value, version, pushing_seq, pushing_hash, operation
                        FROM shadow WHERE channel = ? AND entity = ? AND name = ?
                        """), arguments: [channel.number, entity, name])
        }
        guard let row else { return nil }
        var pushing: Shadow.Pushing?
        if let sequence = row[5] as Int64? {
            pushing = Shadow.Pushing(
                sequence: sequence, hash: (row[6] as Data?).map { [UInt8]($0) } ?? [], operation: row[7] ?? "")
        }
        return Shadow(
            baseSequence: row[0], context: try UnitState.decodeClock(row[1], directory),
            heldHash: (row[2] as Data?).map { [UInt8]($0) }, heldValue: (row[3] as Data?).map { [UInt8]($0) },
            version: row[4], pushing: pushing)
    }

    /// Units of a channel whose push was committed to and has no known outcome: what a crash leaves.
    /// Those that were given up are none.
    package func openPushes(_ channel: ChannelRecord, limit: Int) throws(StoreError) -> [UnitRef] {
        let rows = try perform { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT entity.kind, entity.id, shadow.name FROM shadow JOIN entity ON entity.num = shadow.entity
                    WHERE shadow.channel = ? AND shadow.pushing_seq IS NOT NULL AND shadow.operation <> ''
                    LIMIT ?
                    """, arguments: [channel.number, limit])
        }
        return rows.compactMap { row in
            guard let kind = EntityKind(rawValue: row[0]), let id = EntityID(row[1] as String),
                let name = directory.unit(row[2])
            else { return nil }
            return UnitRef(EntityRef(kind, id), name)
        }
    }
}

extension Writing {
    package func setShadow(_ channel: ChannelRecord, _ unit: UnitRef, _ shadow: Shadow) throws(StoreError) {
        guard let entity = try reading.entityNumber(unit.entity) else { throw .notFound(unit.entity.description) }
        try perform { db in
            let name = try desk.directory.intern(unit.unit, db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO shadow (channel, entity, name, base_seq, context, held, held_value, version,
                        pushing_seq, pushing_hash, operation)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (channel, entity, name) DO UPDATE SET base_seq = excluded.base_seq,
                        context = excluded.context, held = excluded.held, held_value = excluded.held_value,
                        version = excluded.version, pushing_seq = excluded.pushing_seq,
                        pushing_hash = excluded.pushing_hash, operation = excluded.operation
                    """
            ).execute(arguments: [
                channel.number, entity, name, shadow.baseSequence,
                UnitState.encode(shadow.context, desk.directory), shadow.heldHash.map { Data($0) },
                shadow.heldValue.map { Data($0) }, shadow.version, shadow.pushing?.sequence,
                shadow.pushing.map { Data($0.hash) }, shadow.pushing?.operation,
            ])
        }
    }
}
