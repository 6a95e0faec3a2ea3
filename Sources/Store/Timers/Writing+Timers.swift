package import Commerce
import GRDB

extension Writing {
    /// Brings an order's timers in line with its state: those it has no use for go, one whose time changed waits anew.
    func followTimers(_ book: OrderBook, _ policy: OrderPolicy) throws(StoreError) {
        guard let row = book.row, desk.surroundings.plantedInOrders != .forgetsTimers else { return }
        let wanted = book.state.timers(policy.patience)
        let held = try reading.timers(of: book.number)
        for timer in held where !wanted.contains(where: { $0.isSame(as: timer.timer) }) {
            try perform { db in
                try db.run("DELETE FROM timer WHERE subject = ? AND kind = ? AND part = ?") { timer.timer.bind($0, row) }
            }
        }
        for timer in wanted where !held.contains(where: { $0.timer == timer }) {
            try perform { db in
                try db.run(
                    """
                    INSERT INTO timer (subject, kind, part, due_at, look_at) VALUES (?1, ?2, ?3, ?4, ?4)
                    ON CONFLICT (subject, kind, part) DO UPDATE SET due_at = excluded.due_at, look_at = excluded.look_at,
                        done_at = NULL, tries = 0, told = NULL
                    """
                ) { parameters in
                    timer.bind(parameters, row)
                    parameters.set(4, timer.due.milliseconds)
                }
            }
        }
    }

    /// Notes that a timer has done what it is for, as a reminder has that was given.
    package func finish(_ timer: OrderTimer, of order: String) throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        try change(timer, of: order, "look_at = NULL, done_at = ?4, told = NULL", now, nil)
    }

    /// Looks at a timer again later, and says why.
    package func putOff(_ timer: OrderTimer, of order: String, until later: Timestamp, told: String?) throws(StoreError) {
        try change(timer, of: order, "look_at = ?4, done_at = NULL, tries = tries + 1, told = ?5", later.milliseconds, told)
    }

    private func change(
        _ timer: OrderTimer, of order: String, _ change: String, _ at: Int64, _ told: String?
    ) throws(StoreError) {
        // Without reading the order: one that cannot be read is put off like any other that fails.
        let row = try perform { db in
            try db.first("SELECT num FROM order_head WHERE number = ?") { $0.set(1, order) } _: { try $0.integer(0) }
        }
        guard let row else { throw .notFound("order \(order)") }
        try perform { db in
            try db.run("UPDATE timer SET \(change) WHERE subject = ?1 AND kind = ?2 AND part = ?3") { parameters in
                timer.bind(parameters, row)
                parameters.set(4, at)
                if change.contains("?5") { parameters.set(5, told) }
            }
        }
    }
}

extension OrderTimer {
    fileprivate func isSame(as other: OrderTimer) -> Bool { kind == other.kind && afterSale == other.afterSale }

    fileprivate func bind(_ row: Bindings, _ subject: Int64) {
        row.set(1, subject)
        row.set(2, kind.rawValue)
        row.set(3, afterSale?.text ?? "")
    }
}
