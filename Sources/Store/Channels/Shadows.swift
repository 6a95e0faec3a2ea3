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

extension Shadow {
    fileprivate init(_ row: Columns, _ directory: Directory) throws(StoreError) {
        var pushing: Pushing?
        if !row.isNull(5) {
            pushing = Pushing(
                sequence: try row.integer(5), hash: row.isNull(6) ? [] : try row.bytes(6),
                operation: row.isNull(7) ? "" : try row.text(7))
        }
        self.init(
            baseSequence: try row.integer(0),
            context: try row.withBytes(1) { bytes throws(StoreError) in try UnitState.decodeClock(bytes, directory) },
            heldHash: row.isNull(2) ? nil : try row.bytes(2), heldValue: row.isNull(3) ? nil : try row.bytes(3),
            version: row.isNull(4) ? nil : try row.text(4), pushing: pushing)
    }
}

extension Reading {
    package func shadow(_ channel: ChannelRecord, _ unit: UnitRef) throws(StoreError) -> Shadow? {
        guard let entity = try entityNumber(unit.entity), let name = directory.number(of: unit.unit) else { return nil }
        return try perform { db in
            try db.first(Reading.shadowOfUnit) { parameters in
                parameters.set(1, channel.number)
                parameters.set(2, entity)
                parameters.set(3, name)
            } _: { row in try Shadow(row, directory) }
        }
    }

    private static let shadowOfUnit = """
        SELECT base_seq, context, held, held_value, version, pushing_seq, pushing_hash, operation
        FROM shadow WHERE channel = ? AND entity = ? AND name = ?
        """

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
            try db.run(
                """
                    INSERT INTO shadow (channel, entity, name, base_seq, context, held, held_value, version,
                        pushing_seq, pushing_hash, operation)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (channel, entity, name) DO UPDATE SET base_seq = excluded.base_seq,
                        context = excluded.context, held = excluded.held, held_value = excluded.held_value,
                        version = excluded.version, pushing_seq = excluded.pushing_seq,
                        pushing_hash = excluded.pushing_hash, operation = excluded.operation
                    """
            ) { row in
                row.set(1, channel.number)
                row.set(2, entity)
                row.set(3, name)
                row.set(4, shadow.baseSequence)
                row.set(5, UnitState.bytes(of: shadow.context, desk.directory))
                row.set(6, shadow.heldHash)
                row.set(7, shadow.heldValue)
                row.set(8, shadow.version)
                row.set(9, shadow.pushing?.sequence)
                row.set(10, shadow.pushing?.hash)
                row.set(11, shadow.pushing?.operation)
            }
        }
    }
}
