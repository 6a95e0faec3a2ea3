package import Commerce
import GRDB

extension Reading {
    /// What a day of an account came to; nil for a day nobody has looked at.
    package func billReport(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> BillReport? {
        guard let row = try billDay(gateway, day) else { return nil }
        let version = try row.bill.map { number throws(StoreError) in try billVersion(number)?.version ?? 0 } ?? 0
        return BillReport(
            gateway: gateway, day: day, state: row.state, version: version, tries: row.tries, lookAt: row.lookAt, told: row.told,
            comparedAt: row.comparedAt, sums: try billSums(gateway, day), settlement: try settlementSums(gateway, day),
            differences: try billDifferences(gateway, day))
    }

    func billSums(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> [BillSum] {
        try perform { db in
            try db.all(
                """
                SELECT kind, currency, count, amount, fee, matched_count, matched_amount FROM bill_sum
                WHERE gateway = ? AND day = ? ORDER BY kind, currency
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            } _: { row in
                guard let kind = BillLine.Kind(rawValue: try row.text(0)), let currency = Currency(try row.text(1)) else {
                    throw StoreError.corrupt("a sum of the bill of \(day)")
                }
                var sum = BillSum(kind, currency)
                sum.count = try row.integer(2)
                sum.amount = try row.integer(3)
                sum.fee = try row.integer(4)
                sum.matchedCount = try row.integer(5)
                sum.matchedAmount = try row.integer(6)
                return sum
            }
        }
    }
}
