package import Commerce
import GRDB

/// A unit that is not simply "in step up to the cursor" with a channel.
package struct ChannelException: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Will be tried again when due.
        case retrying
        /// Sent, and nobody knows whether it landed: read back before anything else.
        case unknown
        /// The channel will not take it; waits for a new value or an operator.
        case dead
    }

    package let unit: UnitRef
    package let state: State
    /// The change that was being pushed.
    package let sequence: Int64
    package let operation: String
    package let attempts: Int
    package let dueAt: Timestamp
    /// The member the channel named, if it did.
    package let field: String?
    package let error: String
    package let since: Timestamp
}

extension Reading {
    static let exceptionColumns = """
        exception.name, exception.state, exception.seq, exception.operation, exception.attempts, exception.due_at,
        exception.field, exception.error, exception.since, entity.kind, entity.id
        """

    private static let exceptionOfUnit = """
        SELECT \(exceptionColumns) FROM exception JOIN entity ON entity.num = exception.entity
        WHERE exception.channel = ? AND exception.entity = ? AND exception.name = ?
        """
    private static let exceptionsDue = """
        SELECT \(exceptionColumns) FROM exception JOIN entity ON entity.num = exception.entity
        WHERE exception.channel = ? AND exception.state IN ('retrying', 'unknown') AND exception.due_at <= ?
        ORDER BY exception.seq LIMIT ?
        """

    private func exception(_ row: Columns) throws(StoreError) -> ChannelException {
        guard let name = directory.unit(try row.integer(0)), let state = ChannelException.State(rawValue: try row.text(1))
        else { throw .corrupt("an exception row cannot be read") }
        return ChannelException(
            unit: UnitRef(try EntityRef(row, at: 9), name), state: state, sequence: try row.integer(2),
            operation: try row.text(3), attempts: Int(try row.integer(4)),
            dueAt: Timestamp(milliseconds: try row.integer(5)), field: try row.textIfAny(6), error: try row.text(7),
            since: Timestamp(milliseconds: try row.integer(8)))
    }

    private func exceptions(_ sql: String, _ bind: (Bindings) -> Void) throws(StoreError) -> [ChannelException] {
        try perform { db in try db.all(sql, bind) { try exception($0) } }
    }

    /// Exceptions of one channel or of all, by change and then by channel, with the channel's number.
    ///
    /// - Parameter place: Change and channel of the last one read; one channel has at most one for a change.
    package func exceptions(
        of channel: ChannelRecord?, state: ChannelException.State?, after place: (sequence: Int64, channel: Int64),
        limit: Int
    ) throws(StoreError) -> [(channel: Int64, exception: ChannelException)] {
        let sql = """
            SELECT \(Reading.exceptionColumns), exception.channel
            FROM exception JOIN entity ON entity.num = exception.entity
            WHERE (?1 IS NULL OR exception.channel = ?1) AND (?2 IS NULL OR exception.state = ?2)
                AND (exception.seq, exception.channel) > (?3, ?4)
            ORDER BY exception.seq, exception.channel LIMIT ?5
            """
        return try perform { db in
            try db.all(sql) { parameters in
                parameters.set(1, channel?.number)
                parameters.set(2, state?.rawValue)
                parameters.set(3, place.sequence)
                parameters.set(4, place.channel)
                parameters.set(5, Int64(limit))
            } _: { (channel: try $0.integer(11), exception: try exception($0)) }
        }
    }

    /// A channel's exceptions, those due soonest first.
    package func exceptions(
        _ channel: ChannelRecord, state: ChannelException.State? = nil, limit: Int
    ) throws(StoreError) -> [ChannelException] {
        try exceptions(
            """
            SELECT \(Reading.exceptionColumns) FROM exception JOIN entity ON entity.num = exception.entity
            WHERE exception.channel = ?1 AND (?2 IS NULL OR exception.state = ?2)
            ORDER BY exception.due_at, exception.seq LIMIT ?3
            """
        ) { parameters in
            parameters.set(1, channel.number)
            parameters.set(2, state?.rawValue)
            parameters.set(3, Int64(limit))
        }
    }

    /// Retrying and unknown exceptions whose time has come.
    package func dueExceptions(_ channel: ChannelRecord, at now: Timestamp, limit: Int) throws(StoreError) -> [ChannelException] {
        try exceptions(Reading.exceptionsDue) { parameters in
            parameters.set(1, channel.number)
            parameters.set(2, now.milliseconds)
            parameters.set(3, Int64(limit))
        }
    }

    /// When the next exception is due, or nil when none waits.
    package func nextExceptionDue(_ channel: ChannelRecord) throws(StoreError) -> Timestamp? {
        try perform { db in
            try db.first("SELECT min(due_at) FROM exception WHERE channel = ? AND state IN ('retrying', 'unknown')") {
                $0.set(1, channel.number)
            } _: { try $0.integerIfAny(0).map { Timestamp(milliseconds: $0) } } ?? nil
        }
    }

    package func exception(_ channel: ChannelRecord, _ unit: UnitRef) throws(StoreError) -> ChannelException? {
        guard let entity = try entityNumber(unit.entity), let name = directory.number(of: unit.unit) else { return nil }
        return try exceptions(Reading.exceptionOfUnit) { parameters in
            parameters.set(1, channel.number)
            parameters.set(2, entity)
            parameters.set(3, name)
        }.first
    }

    /// How many exceptions a channel has, by state.
    package func exceptionCounts(_ channel: ChannelRecord) throws(StoreError) -> [ChannelException.State: Int] {
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(sql: "SELECT state, count(*) FROM exception WHERE channel = ? GROUP BY state"),
                arguments: [channel.number])
        }
        return rows.reduce(into: [:]) { counts, row in
            if let state = ChannelException.State(rawValue: row[0]) { counts[state] = row[1] }
        }
    }
}

extension Writing {
    /// Notes that a unit is not in step with a channel. One row a unit.
    ///
    /// `since` keeps the first time: of this change, and of this life of it where a dead one is revived.
    package func except(
        _ channel: ChannelRecord, _ unit: UnitRef, state: ChannelException.State, sequence: Int64,
        operation: String, attempts: Int, dueAt: Timestamp, field: String? = nil, error: String
    ) throws(StoreError) {
        guard let entity = try reading.entityNumber(unit.entity) else { throw .notFound(unit.entity.description) }
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            let name = try desk.directory.intern(unit.unit, db)
            try db.run(Writing.upsertException) { row in
                row.set(1, channel.number)
                row.set(2, entity)
                row.set(3, name)
                row.set(4, state.rawValue)
                row.set(5, sequence)
                row.set(6, operation)
                row.set(7, Int64(attempts))
                row.set(8, dueAt.milliseconds)
                row.set(9, field)
                row.set(10, error)
                row.set(11, now)
            }
        }
    }

    private static let upsertException = """
        INSERT INTO exception (channel, entity, name, state, seq, operation, attempts, due_at, field, error, since)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (channel, entity, name) DO UPDATE SET state = excluded.state, seq = excluded.seq,
            operation = excluded.operation, attempts = excluded.attempts, due_at = excluded.due_at,
            field = excluded.field, error = excluded.error,
            since = CASE WHEN exception.seq = excluded.seq
                AND (exception.state <> 'dead' OR excluded.state = 'dead')
                THEN exception.since ELSE excluded.since END
        """

    /// Takes an exception away: the unit is in step again, or given up with a reason in the audit.
    @discardableResult
    package func clearException(_ channel: ChannelRecord, _ unit: UnitRef) throws(StoreError) -> Bool {
        guard let entity = try reading.entityNumber(unit.entity), let name = desk.directory.number(of: unit.unit) else {
            return false
        }
        return try perform { db in
            try db.run("DELETE FROM exception WHERE channel = ? AND entity = ? AND name = ?") { row in
                row.set(1, channel.number)
                row.set(2, entity)
                row.set(3, name)
            }
            return db.changesCount > 0
        }
    }

    /// Gives a push up: the channel keeps what it has, whichever that is, until the unit changes again.
    package func giveUp(_ channel: ChannelRecord, _ unit: UnitRef) throws(StoreError) {
        try clearException(channel, unit)
        guard var shadow = try reading.shadow(channel, unit), let pushing = shadow.pushing else { return }
        shadow.pushing = pushing.givenUp
        try setShadow(channel, unit, shadow)
    }

    /// Makes exceptions due now: all of a channel, or those of one state. A dead one begins anew, with all its tries.
    @discardableResult
    package func retryNow(
        _ channel: ChannelRecord, state: ChannelException.State? = nil, entity: EntityRef? = nil
    ) throws(StoreError) -> Int {
        var number: Int64?
        if let entity { number = try reading.entityNumber(entity) ?? -1 }
        return try perform { db in
            try db.run(Writing.reviveExceptions) { row in
                row.set(1, channel.number)
                row.set(2, desk.surroundings.time.now().milliseconds)
                row.set(3, state?.rawValue)
                row.set(4, number)
            }
            return db.changesCount
        }
    }

    private static let reviveExceptions = """
        UPDATE exception SET due_at = ?2, state = CASE state WHEN 'dead' THEN 'retrying' ELSE state END,
            since = CASE state WHEN 'dead' THEN ?2 ELSE since END,
            attempts = CASE state WHEN 'dead' THEN 0 ELSE attempts END
        WHERE channel = ?1 AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR entity = ?4)
        """
}
