package import Commerce
import GRDB

/// A timer of an order as it waits in the store: no restart loses it, and nothing switches it off.
package struct StoredTimer: Hashable, Sendable {
    package let order: String
    package let timer: OrderTimer
    /// When it is looked at next; later than it is due while it waits for somebody's answer. Nil when it is done.
    package let lookAt: Timestamp?
    package let doneAt: Timestamp?
    package let tries: Int64
    /// Why it was put off.
    package let told: String?
}

extension StoredTimer {
    fileprivate static let select = """
        SELECT number, kind, part, due_at, look_at, done_at, tries, told FROM timer JOIN order_head ON num = subject
        """

    init(_ row: Columns) throws(StoreError) {
        order = try row.text(0)
        let part = try row.text(2)
        guard let kind = OrderTimer.Kind(rawValue: try row.text(1)), part.isEmpty || EntityID(part) != nil else {
            throw .corrupt("a timer of order \(order) cannot be read")
        }
        timer = OrderTimer(kind, afterSale: EntityID(part), due: Timestamp(milliseconds: try row.integer(3)))
        lookAt = try row.integerIfAny(4).map { Timestamp(milliseconds: $0) }
        doneAt = try row.integerIfAny(5).map { Timestamp(milliseconds: $0) }
        tries = try row.integer(6)
        told = try row.textIfAny(7)
    }
}

/// What waits of one kind of timer, for operators.
package struct TimerGauge: Hashable, Sendable {
    package let kind: OrderTimer.Kind
    package let waiting: Int64
    /// The earliest that is not done.
    package let next: Timestamp
}

extension Reading {
    /// Timers to be looked at now, the longest due first.
    package func dueTimers(at now: Timestamp, limit: Int) throws(StoreError) -> [StoredTimer] {
        try perform { db in
            try db.all(StoredTimer.select + " WHERE look_at <= ? ORDER BY look_at LIMIT ?") { parameters in
                parameters.set(1, now.milliseconds)
                parameters.set(2, Int64(limit))
            } _: { try StoredTimer($0) }
        }
    }

    /// Timers that wait, the next first.
    package func waitingTimers(limit: Int) throws(StoreError) -> [StoredTimer] { try dueTimers(at: .distantFuture, limit: limit) }

    package func timers(of order: String) throws(StoreError) -> [StoredTimer] {
        try perform { db in
            try db.all(StoredTimer.select + " WHERE number = ? ORDER BY due_at, kind, part") { $0.set(1, order) } _: {
                try StoredTimer($0)
            }
        }
    }

    /// When the next timer or refund is to be looked at.
    package func nextOrderWork() throws(StoreError) -> Timestamp? {
        try perform { db in
            try db.first(
                """
                SELECT min(at) FROM (SELECT min(look_at) AS at FROM timer WHERE look_at IS NOT NULL
                    UNION ALL SELECT min(look_at) FROM refund WHERE look_at IS NOT NULL)
                """
            ) { _ in } _: { try $0.integerIfAny(0) }
        }.flatMap { $0 }.map { Timestamp(milliseconds: $0) }
    }

    package func timerGauges() throws(StoreError) -> [TimerGauge] {
        try perform { db in
            try db.all("SELECT kind, count(*), min(due_at) FROM timer WHERE look_at IS NOT NULL GROUP BY kind ORDER BY kind") { _ in } _: { row in
                guard let kind = OrderTimer.Kind(rawValue: try row.text(0)) else { throw StoreError.corrupt("a timer's kind") }
                return TimerGauge(kind: kind, waiting: try row.integer(1), next: Timestamp(milliseconds: try row.integer(2)))
            }
        }
    }
}

extension Timestamp {
    fileprivate static let distantFuture = Timestamp(milliseconds: .max)
}
