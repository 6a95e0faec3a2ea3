package import Commerce
import GRDB

extension Writing {
    /// How long a day with something open or pending is left before its bill is taken again.
    private static let lookAgain = Duration.seconds(43_200)
    /// Days with something open are taken again by themselves for so long; after that a person asks.
    private static let lookAgainDays = 30

    /// Compares a day's newest bill with the books as they are now, and keeps what came of it.
    ///
    /// All in one write: differences, sums, what the bill settles, and how the day stands. Compared again with nothing new
    /// it changes nothing. What somebody explained stays explained while both sides say the same.
    ///
    /// - Returns: false when no bill is there.
    @discardableResult
    package func compareBill(_ gateway: String, _ day: CalendarDay, _ terms: BillTerms) throws(StoreError) -> Bool {
        guard let number = try reading.billDay(gateway, day)?.bill else { return false }
        let now = desk.surroundings.time.now()
        let bill = try reading.bill(number)
        let books = try reading.books(gateway, day, bill, terms)
        let comparison = BillMatching.compare(
            BillDay(
                gateway: gateway, day: day, bill: bill, elsewhere: books.elsewhere, payments: books.payments, refunds: books.refunds,
                attempts: books.attempts, coverage: try reading.billCoverage(gateway), terms: terms, now: now))
        try follow(comparison.differences, gateway, day, now)
        try keep(comparison.sums, gateway, day)
        try settle(bill, number, gateway, day)
        let standing = try standings(gateway, day)
        let state: BillState = standing.open > 0 ? .differences : bill.lines.isEmpty ? .empty : .matched
        let isYoung = terms.day(now).number - day.number <= Writing.lookAgainDays
        let lookAgain = (standing.open > 0 || standing.pending > 0) && isYoung ? now + Writing.lookAgain : nil
        try perform { db in
            try db.run(
                """
                UPDATE bill_day SET state = ?3, compared = bill, compared_at = ?4, look_at = ?5, tries = 0, told = NULL
                WHERE gateway = ?1 AND day = ?2
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, state.rawValue)
                parameters.set(4, now.milliseconds)
                parameters.set(5, lookAgain?.milliseconds)
            }
        }
        return true
    }

    private func standings(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> (open: Int64, pending: Int64) {
        try perform { db in
            try db.first(
                """
                SELECT count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state = 'pending')
                FROM bill_difference WHERE gateway = ? AND day = ? AND state IN ('pending', 'open')
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            } _: { (try $0.integer(0), try $0.integer(1)) } ?? (0, 0)
        }
    }

    private func keep(_ sums: [BillSum], _ gateway: String, _ day: CalendarDay) throws(StoreError) {
        try perform { db in
            try db.run("DELETE FROM bill_sum WHERE gateway = ? AND day = ?") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            }
            for sum in sums {
                try db.run("INSERT INTO bill_sum VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") { parameters in
                    parameters.set(1, gateway)
                    parameters.set(2, Int64(day.number))
                    parameters.set(3, sum.kind.rawValue)
                    parameters.set(4, sum.currency.code)
                    parameters.set(5, sum.count)
                    parameters.set(6, sum.amount)
                    parameters.set(7, sum.fee)
                    parameters.set(8, sum.matchedCount)
                    parameters.set(9, sum.matchedAmount)
                }
            }
        }
    }

    /// Brings what is kept of a day's differences in line with what was found now.
    private func follow(_ found: [BillDifference], _ gateway: String, _ day: CalendarDay, _ now: Timestamp) throws(StoreError) {
        var held: [DifferencePlace: StoredBillDifference] = [:]
        for stored in try reading.billDifferences(gateway, day) { held[DifferencePlace(stored.difference)] = stored }
        for difference in found {
            guard let stored = held.removeValue(forKey: DifferencePlace(difference)) else {
                try insert(difference, gateway, day, now)
                continue
            }
            let isSame = stored.difference.here == difference.here && stored.difference.there == difference.there
            let standing: StoredBillDifference.Standing = difference.isPending ? .pending : .open
            if isSame, stored.standing == .explained || stored.standing == standing { continue }
            try update(stored.number, difference, standing, now)
        }
        for stored in held.values.sorted(by: { $0.number < $1.number }) {
            switch stored.standing {
            // It never counted, and now it is known why.
            case .pending: try perform { db in try db.run("DELETE FROM bill_difference WHERE num = ?") { $0.set(1, stored.number) } }
            case .open: try endDifference(stored.number, .repaired, by: "itself", told: "it was not found again")
            case .repaired, .explained: break
            }
        }
    }

    private func insert(_ difference: BillDifference, _ gateway: String, _ day: CalendarDay, _ now: Timestamp) throws(StoreError) {
        try perform { db in
            try db.run(
                """
                INSERT INTO bill_difference (gateway, day, class, kind, txn, part, order_number, currency, amount, here, there, repair,
                    state, found_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?14, ?14)
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, difference.kind.rawValue)
                parameters.set(4, difference.movement.kind.rawValue)
                parameters.set(5, difference.movement.transaction)
                parameters.set(6, difference.movement.part)
                parameters.set(7, difference.order)
                parameters.set(8, difference.amount?.currency.code)
                parameters.set(9, difference.amount?.amount)
                parameters.set(10, difference.here.text)
                parameters.set(11, difference.there.text)
                parameters.set(12, difference.repair.json.text)
                parameters.set(13, difference.isPending ? "pending" : "open")
                parameters.set(14, now.milliseconds)
            }
        }
    }

    private func update(
        _ number: Int64, _ difference: BillDifference, _ standing: StoredBillDifference.Standing, _ now: Timestamp
    ) throws(StoreError) {
        try perform { db in
            try db.run(
                """
                UPDATE bill_difference SET order_number = ?2, currency = ?3, amount = ?4, here = ?5, there = ?6, repair = ?7, state = ?8,
                    changed_at = ?9, told = NULL, ended_by = NULL, reason = NULL WHERE num = ?1
                """
            ) { parameters in
                parameters.set(1, number)
                parameters.set(2, difference.order)
                parameters.set(3, difference.amount?.currency.code)
                parameters.set(4, difference.amount?.amount)
                parameters.set(5, difference.here.text)
                parameters.set(6, difference.there.text)
                parameters.set(7, difference.repair.json.text)
                parameters.set(8, standing.rawValue)
                parameters.set(9, now.milliseconds)
            }
        }
    }
}

/// What makes a difference the same when it is found again on its day.
private struct DifferencePlace: Hashable {
    let kind: BillDifference.Class
    let movement: BillMovement

    init(_ difference: BillDifference) {
        kind = difference.kind
        movement = difference.movement
    }
}
