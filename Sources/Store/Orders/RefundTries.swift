package import Commerce
import GRDB

/// What is under way of a refund: its number stands before anything is sent, and stays the same at every try.
package struct RefundTry: Hashable, Sendable {
    package enum Stage: String, CaseIterable, Sendable {
        /// Nothing was sent yet.
        case planned
        /// Sent, and nobody knows what became of it: it is asked after, and sent again under its number.
        case unknown
        /// Its gateway refused it; it is tried again under its number, for it stays owed.
        case refused
        case settled
    }

    package let order: String
    package let refund: EntityID
    package let stage: Stage
    package let tries: Int64
    /// When it is looked at next; nil when a person has to, or nobody.
    package let lookAt: Timestamp?
    /// What its gateway said last.
    package let told: String?
}

extension RefundTry {
    fileprivate static let select =
        "SELECT number, refund.id, refund.state, tries, look_at, told FROM refund JOIN order_head ON num = subject"

    init(_ row: Columns) throws(StoreError) {
        order = try row.text(0)
        guard let refund = EntityID(try row.text(1)), let stage = Stage(rawValue: try row.text(2)) else {
            throw .corrupt("a refund of order \(order) cannot be read")
        }
        self.refund = refund
        self.stage = stage
        tries = try row.integer(3)
        lookAt = try row.integerIfAny(4).map { Timestamp(milliseconds: $0) }
        told = try row.textIfAny(5)
    }
}

extension Reading {
    /// Refunds to be sent, asked after or tried again now, the longest due first.
    package func dueRefunds(at now: Timestamp, limit: Int) throws(StoreError) -> [RefundTry] {
        try perform { db in
            try db.all(RefundTry.select + " WHERE look_at <= ? ORDER BY look_at LIMIT ?") { parameters in
                parameters.set(1, now.milliseconds)
                parameters.set(2, Int64(limit))
            } _: { try RefundTry($0) }
        }
    }

    package func refundTries(of order: String) throws(StoreError) -> [RefundTry] {
        try perform { db in
            try db.all(RefundTry.select + " WHERE number = ? ORDER BY refund.id") { $0.set(1, order) } _: { try RefundTry($0) }
        }
    }

    /// Refunds whose end nobody knows, and those their gateway refused.
    package func refundsWaiting(_ stage: RefundTry.Stage, limit: Int) throws(StoreError) -> [RefundTry] {
        try perform { db in
            try db.all(RefundTry.select + " WHERE refund.state = ? LIMIT ?") { parameters in
                parameters.set(1, stage.rawValue)
                parameters.set(2, Int64(limit))
            } _: { try RefundTry($0) }
        }
    }
}

extension Writing {
    /// Notes that a refund is about to be sent: whatever happens from here on, its end is unknown until it is known.
    ///
    /// - Returns: false when it has ended meanwhile, and nothing is to be sent.
    package func beginRefund(_ id: EntityID, of order: String, lookAgainAt: Timestamp) throws(StoreError) -> Bool {
        try setRefund(id, of: order, "state = 'unknown', tries = tries + 1, look_at = ?3, told = NULL", lookAgainAt, nil)
    }

    /// Notes that its gateway refused it, and when to try again; nil for when a person says so.
    package func refuseRefund(_ id: EntityID, of order: String, told: String, lookAgainAt: Timestamp?) throws(StoreError) {
        _ = try setRefund(id, of: order, "state = 'refused', look_at = ?3, told = ?4", lookAgainAt, told)
    }

    /// Tries a refund again now, under the number it has.
    ///
    /// - Returns: false when it has ended, or was never opened.
    package func retryRefund(_ id: EntityID, of order: String) throws(StoreError) -> Bool {
        try setRefund(id, of: order, "look_at = ?3", desk.surroundings.time.now(), nil)
    }

    private func setRefund(
        _ id: EntityID, of order: String, _ change: String, _ lookAt: Timestamp?, _ told: String?
    ) throws(StoreError) -> Bool {
        try perform { db in
            try db.run(
                """
                UPDATE refund SET \(change)
                WHERE id = ?2 AND state <> 'settled' AND subject = (SELECT num FROM order_head WHERE number = ?1)
                """
            ) { parameters in
                parameters.set(1, order)
                parameters.set(2, id.text)
                parameters.set(3, lookAt?.milliseconds)
                if change.contains("?4") { parameters.set(4, told) }
            }
            return db.changesCount > 0
        }
    }

    /// Gives every refund that was opened its row, and ends those that are settled.
    func followRefunds(_ book: OrderBook) throws(StoreError) {
        guard let row = book.row, !book.state.refunds.isEmpty else { return }
        let now = desk.surroundings.time.now()
        for refund in book.state.refunds {
            try perform { db in
                try db.run(
                    """
                    INSERT INTO refund (subject, id, state, look_at) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (subject, id) DO UPDATE SET state = 'settled', look_at = NULL
                        WHERE excluded.state = 'settled' AND refund.state <> 'settled'
                    """
                ) { parameters in
                    parameters.set(1, row)
                    parameters.set(2, refund.refund.number.text)
                    parameters.set(3, refund.isSettled ? "settled" : "planned")
                    parameters.set(4, refund.isSettled ? nil : now.milliseconds)
                }
            }
        }
    }
}
