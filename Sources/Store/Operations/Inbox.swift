package import Commerce
import Crypto
import Foundation
import GRDB

/// A callback as it came, kept before it was answered.
package struct InboxItem: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Not applied yet; `error` says why when it was tried.
        case waiting
        case applied
        /// The same id came with another body; never applied by itself.
        case quarantined
        /// Tried too often; waits for an operator.
        case dead
    }

    package let number: Int64
    package let channel: ChannelID
    package let event: String
    package let body: [UInt8]
    package let receivedAt: Timestamp
    package let state: State
    package let attempts: Int
    package let dueAt: Timestamp
    package let appliedAt: Timestamp?
    package let error: String?
}

/// What became of a callback at the door.
package enum InboxReceipt: Sendable {
    case stored(Int64)
    /// The same event with the same body is here already.
    case known
    /// The same event with another body; kept aside for a person.
    case quarantined(Int64)
}

extension Writing {
    /// Keeps a verified callback. Answer its sender only after this has returned.
    ///
    /// - Parameter essence: what of the body says what happened; one with the same is known whatever else differs. nil: all of it.
    package func receive(
        _ channel: ChannelRecord, event: String, body: [UInt8], essence: [UInt8]? = nil
    ) throws(StoreError) -> InboxReceipt {
        let hash = [UInt8](SHA256.hash(data: essence ?? body))
        let now = desk.surroundings.time.now().milliseconds
        let held = try perform { db in
            try db.first("SELECT body_hash FROM inbox WHERE channel = ? AND event = ? AND state <> 'quarantined'") {
                $0.set(1, channel.number)
                $0.set(2, event)
            } _: { try $0.bytes(0) }
        }
        // Compared whole, too: so was everything that came before essences were.
        if let held, held == hash || essence != nil && held == [UInt8](SHA256.hash(data: body)) { return .known }
        return try perform { db in
            try db.run(
                """
                INSERT INTO inbox (channel, event, body_hash, body, received_at, state, due_at, gateway)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) { row in
                row.set(1, channel.number)
                row.set(2, event)
                row.set(3, hash)
                row.set(4, body)
                row.set(5, now)
                row.set(6, held == nil ? "waiting" : "quarantined")
                row.set(7, now)
                row.set(8, channel.gateway == nil ? Int64(0) : 1)
            }
            let number = db.lastInsertedRowID
            return held == nil ? .stored(number) : .quarantined(number)
        }
    }

    /// Marks an item applied, in the transaction that applied it.
    package func markApplied(_ item: InboxItem) throws(StoreError) {
        try perform { db in
            try db.run(
                "UPDATE inbox SET state = 'applied', applied_at = ?, error = NULL, attempts = attempts + 1 WHERE num = ?"
            ) { parameters in
                parameters.set(1, desk.surroundings.time.now().milliseconds)
                parameters.set(2, item.number)
            }
        }
    }

    /// Notes why an item could not be applied; dead when it is not to be tried again by itself.
    package func markFailed(_ item: InboxItem, error: String, retryAt: Timestamp?) throws(StoreError) {
        try perform { db in
            try db.cachedStatement(
                sql: "UPDATE inbox SET state = ?, due_at = ?, error = ?, attempts = attempts + 1 WHERE num = ?"
            ).execute(arguments: [
                retryAt == nil ? "dead" : "waiting", (retryAt ?? item.dueAt).milliseconds, error, item.number,
            ])
        }
    }

    /// Puts an item off that somebody has taken in hand; due again then, should it not be applied by him.
    package func postpone(_ item: InboxItem, until due: Timestamp) throws(StoreError) {
        try perform { db in
            try db.cachedStatement(sql: "UPDATE inbox SET due_at = ?, error = NULL WHERE num = ?").execute(
                arguments: [due.milliseconds, item.number])
        }
    }

    /// Makes what was in somebody's hand due again: whoever that was is gone.
    package func reclaimInbox() throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            try db.execute(
                sql: "UPDATE inbox SET due_at = ?1 WHERE state = 'waiting' AND error IS NULL AND due_at > ?1",
                arguments: [now])
        }
    }

    /// Takes applied items away that are older than `age`; a repetition after that is applied again.
    ///
    /// Looks at `limit` items after number `after`, in the order they came, so that it never reads
    /// those that are too young to go: nothing but their order is indexed.
    /// - Returns: how many went, and where to go on; nil at the end.
    package func clearInbox(
        olderThan age: Duration, after: Int64 = 0, limit: Int = 500
    ) throws(StoreError) -> (cleared: Int, next: Int64?) {
        let before = desk.surroundings.time.now().milliseconds - age.milliseconds
        return try perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT num, received_at, state = 'applied' AND applied_at < ? FROM inbox
                        WHERE num > ? ORDER BY num LIMIT ?
                        """), arguments: [before, after, limit])
            var cleared = 0
            for row in rows where row[2] == true {
                try db.cachedStatement(sql: "DELETE FROM inbox WHERE num = ?").execute(arguments: [row[0] as Int64])
                cleared += 1
            }
            guard rows.count == limit, let last = rows.last, (last[1] as Int64) < before else { return (cleared, nil) }
            return (cleared, last[0])
        }
    }

    /// Lets an item be applied again, whatever became of it before. Applying is idempotent.
    package func replay(_ number: Int64) throws(StoreError) {
        guard let item = try reading.inboxItem(number) else { throw .notFound("inbox item \(number)") }
        let other = try perform { db in
            try Int64.fetchOne(
                db,
                sql: """
                    SELECT num FROM inbox WHERE event = ? AND num <> ? AND state <> 'quarantined'
                        AND channel = (SELECT channel FROM inbox WHERE num = ?)
                    """, arguments: [item.event, number, number])
        }
        if item.state == .quarantined, let other {
            throw .contradiction(
                "inbox item \(number) has the id of item \(other) and another body; it is not applied beside it")
        }
        try perform { db in
            try db.execute(
                sql: "UPDATE inbox SET state = 'waiting', due_at = ?, applied_at = NULL, error = NULL WHERE num = ?",
                arguments: [desk.surroundings.time.now().milliseconds, number])
        }
    }
}

extension Reading {
    package func inboxItem(_ number: Int64) throws(StoreError) -> InboxItem? {
        try inboxItems("inbox.num = ?") { $0.set(1, number) }.first
    }

    /// Inbox items, newest first, older than a number.
    package func inbox(
        state: InboxItem.State? = nil, before number: Int64? = nil, limit: Int
    ) throws(StoreError) -> [InboxItem] {
        try inboxItems(
            "(?1 IS NULL OR inbox.state = ?1) AND (?2 IS NULL OR inbox.num < ?2) ORDER BY inbox.num DESC LIMIT ?3"
        ) { parameters in
            parameters.set(1, state?.rawValue)
            parameters.set(2, number)
            parameters.set(3, Int64(limit))
        }
    }

    /// Waiting items whose time has come, the one due longest first: the order of their index, so that
    /// what it costs does not grow with how many wait.
    ///
    /// - Parameter gateways: those of gateways, or those of all other channels; each has its own worker.
    package func dueInbox(at now: Timestamp, gateways: Bool = false, limit: Int) throws(StoreError) -> [InboxItem] {
        try inboxItems(
            "inbox.state = 'waiting' AND inbox.gateway = ?1 AND inbox.due_at <= ?2 ORDER BY inbox.due_at, inbox.num LIMIT ?3"
        ) { parameters in
            parameters.set(1, gateways ? Int64(1) : 0)
            parameters.set(2, now.milliseconds)
            parameters.set(3, Int64(limit))
        }
    }

    /// When the next waiting item is due, or nil when none waits.
    package func nextInboxDue(gateways: Bool = false) throws(StoreError) -> Timestamp? {
        try perform { db in
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT min(due_at) FROM inbox WHERE state = 'waiting' AND gateway = ?"),
                arguments: [gateways ? 1 : 0]
            ).map { Timestamp(milliseconds: $0) }
        }
    }

    /// How many items are in each state, and when the oldest waiting one came.
    package func inboxFigures() throws(StoreError) -> (counts: [InboxItem.State: Int], oldestWaiting: Timestamp?) {
        try perform { db in
            var counts: [InboxItem.State: Int] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) FROM inbox GROUP BY state") {
                if let state = InboxItem.State(rawValue: row[0]) { counts[state] = row[1] }
            }
            let oldest = try Int64.fetchOne(db, sql: "SELECT min(received_at) FROM inbox WHERE state = 'waiting'")
            return (counts, oldest.map { Timestamp(milliseconds: $0) })
        }
    }

    private func inboxItems(_ condition: String, _ bind: (Bindings) -> Void) throws(StoreError) -> [InboxItem] {
        try perform { db in
            try db.all(
                """
                SELECT inbox.num, channel.id, inbox.event, inbox.body, inbox.received_at, inbox.state,
                    inbox.attempts, inbox.due_at, inbox.applied_at, inbox.error
                FROM inbox JOIN channel ON channel.num = inbox.channel WHERE \(condition)
                """, bind
            ) { try InboxItem($0) }
        }.compactMap(\.self)
    }
}

extension InboxItem {
    /// nil for a row whose words are none of ours.
    fileprivate init?(_ row: Columns) throws(StoreError) {
        guard let channel = ChannelID(try row.text(1)), let state = State(rawValue: try row.text(5)) else { return nil }
        self.init(
            number: try row.integer(0), channel: channel, event: try row.text(2), body: try row.bytes(3),
            receivedAt: Timestamp(milliseconds: try row.integer(4)), state: state, attempts: Int(try row.integer(6)),
            dueAt: Timestamp(milliseconds: try row.integer(7)),
            appliedAt: row.isNull(8) ? nil : Timestamp(milliseconds: try row.integer(8)),
            error: row.isNull(9) ? nil : try row.text(9))
    }
}
