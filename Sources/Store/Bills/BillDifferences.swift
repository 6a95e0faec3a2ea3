package import Commerce
import GRDB

extension StoredBillDifference {
    fileprivate static let select = """
        SELECT num, gateway, day, class, kind, txn, part, order_number, currency, amount, here, there, repair, state, told, found_at,
            changed_at, ended_by, reason FROM bill_difference
        """

    fileprivate init(_ row: Columns) throws(StoreError) {
        let number = try row.integer(0)
        let standing = Standing(rawValue: try row.text(13))
        guard let kind = BillDifference.Class(rawValue: try row.text(3)), let line = BillLine.Kind(rawValue: try row.text(4)),
            let standing, let repair = BillRepair(try row.json(12))
        else { throw .corrupt("difference \(number) of a bill cannot be read") }
        let currency = try row.textIfAny(8).flatMap { Currency($0) }
        let amount = try row.integerIfAny(9)
        self.init(
            number: number, gateway: try row.text(1), day: CalendarDay(number: Int(try row.integer(2))),
            difference: BillDifference(
                kind, BillMovement(line, try row.text(5), part: try row.text(6)), order: try row.textIfAny(7),
                amount: currency.flatMap { currency in amount.map { Money(amount: $0, currency: currency) } }, here: try row.json(10),
                there: try row.json(11), repair: repair, isPending: standing == .pending),
            standing: standing, told: try row.textIfAny(14), foundAt: Timestamp(milliseconds: try row.integer(15)),
            changedAt: Timestamp(milliseconds: try row.integer(16)), endedBy: try row.textIfAny(17), reason: try row.textIfAny(18))
    }
}

extension Columns {
    fileprivate func json(_ index: Int32) throws(StoreError) -> JSON {
        let text = try text(index)
        do { return try JSON.parse(text) } catch { throw .corrupt("what a difference of a bill says cannot be read") }
    }
}

extension Reading {
    /// All that was ever found for a day, in the order it was found.
    package func billDifferences(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> [StoredBillDifference] {
        try perform { db in
            try db.all(StoredBillDifference.select + " WHERE gateway = ? AND day = ? ORDER BY num") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            } _: { try StoredBillDifference($0) }
        }
    }

    /// - Throws: `.notFound`.
    package func billDifference(_ number: Int64) throws(StoreError) -> StoredBillDifference {
        let found = try perform { db in
            try db.first(StoredBillDifference.select + " WHERE num = ?") { $0.set(1, number) } _: { try StoredBillDifference($0) }
        }
        guard let found else { throw .notFound("difference \(number)") }
        return found
    }

    /// What is open at an account, the earliest day first.
    package func openBillDifferences(_ gateway: String, limit: Int) throws(StoreError) -> [StoredBillDifference] {
        try perform { db in
            try db.all(
                StoredBillDifference.select + " WHERE gateway = ? AND state IN ('pending', 'open') AND state = 'open' ORDER BY day, num LIMIT ?"
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(limit))
            } _: { try StoredBillDifference($0) }
        }
    }
}

extension Writing {
    /// Ends a difference; one that has ended stays as it is.
    ///
    /// - Returns: whether it was open until now.
    @discardableResult
    package func endDifference(
        _ number: Int64, _ standing: StoredBillDifference.Standing, by author: String, told: String?, reason: String? = nil
    ) throws(StoreError) -> Bool {
        try change(
            number, "state = ?2, ended_by = ?3, told = ?4, reason = ?5, changed_at = ?6") { parameters in
                parameters.set(2, standing.rawValue)
                parameters.set(3, author)
                parameters.set(4, told)
                parameters.set(5, reason)
            }
    }

    /// Notes what came of a try that ended nothing; with a repair it is for that from now on.
    package func noteDifference(_ number: Int64, told: String, repair: BillRepair? = nil) throws(StoreError) {
        _ = try change(number, "told = ?4, repair = coalesce(?2, repair), changed_at = ?6") { parameters in
            parameters.set(2, repair?.json.text)
            parameters.set(4, told)
        }
    }

    private func change(_ number: Int64, _ change: String, _ bind: (Bindings) -> Void) throws(StoreError) -> Bool {
        let now = desk.surroundings.time.now()
        return try perform { db in
            try db.run("UPDATE bill_difference SET \(change) WHERE num = ?1 AND state IN ('pending', 'open')") { parameters in
                parameters.set(1, number)
                bind(parameters)
                parameters.set(6, now.milliseconds)
            }
            return db.changesCount > 0
        }
    }
}
