package import Commerce
import GRDB

extension Writing {
    /// Takes back what somebody's time is over for, as far as it is needed; those that ended first go first.
    ///
    /// - Returns: how many units came to the pools.
    func reclaim(_ sku: Int64, at warehouses: [Warehouse], atLeast wanted: Int64) throws(StoreError) -> Int64 {
        let now = desk.surroundings.time.now()
        var freed: Int64 = 0
        for warehouse in warehouses {
            while freed < wanted {
                let due = try perform { db in
                    try db.all(Writing.dueAt) { parameters in
                        parameters.set(1, sku)
                        parameters.set(2, warehouse.number)
                        parameters.set(3, now.milliseconds)
                    } _: { try Hold($0) }
                }
                if due.isEmpty { break }
                for hold in due where freed < wanted {
                    let before = try balance(hold.place).pool
                    try giveBack(hold, as: .expired, at: now)
                    // What paid a debt is free for nobody.
                    freed += try balance(hold.place).pool - before
                }
            }
        }
        return freed
    }

    /// Takes back what somebody's time is over for, whoever wants it.
    ///
    /// Nothing depends on when this runs: what is due counts as free already. It lets channels know.
    ///
    /// - Returns: how many ended, at most `limit`; call it again while it returns that many.
    @discardableResult
    package func expireHolds(limit: Int = 200) throws(StoreError) -> Int {
        let now = desk.surroundings.time.now()
        let due = try perform { db in
            try db.all(Writing.allDue) { parameters in
                parameters.set(1, now.milliseconds)
                parameters.set(2, Int64(limit))
            } _: { try Hold($0) }
        }
        for hold in due { try giveBack(hold, as: .expired, at: now) }
        return due.count
    }

    private static let dueAt =
        Hold.select + """
             WHERE hold.sku = ?1 AND hold.warehouse = ?2 AND hold.state = 'open' AND hold.expires_at <= ?3
            ORDER BY hold.expires_at, hold.num LIMIT 50
            """
    private static let allDue =
        Hold.select + " WHERE hold.state = 'open' AND hold.expires_at <= ?1 ORDER BY hold.num LIMIT ?2"
}

extension Reading {
    /// Whether somebody's time is over and nobody has taken back what they held.
    package func hasDueHolds(at now: Timestamp) throws(StoreError) -> Bool {
        try perform { db in
            try db.first("SELECT 1 FROM hold WHERE state = 'open' AND expires_at <= ? LIMIT 1") {
                $0.set(1, now.milliseconds)
            } _: { _ in true }
        } ?? false
    }
}
