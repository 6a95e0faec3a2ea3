import Commerce
import GRDB

/// Something kept of a day's bill that does not follow from its lines.
package struct BillFault: Hashable, Sendable {
    package let gateway: String
    package let day: String
    package let problem: String
}

extension Reading {
    /// Works out every compared day again, its sums from the lines and its settlement from the entries; empty when all agree.
    package func billFaults(limit: Int = 100) throws(StoreError) -> [BillFault] {
        let days = try perform { db in
            try db.all("SELECT gateway, day, compared FROM bill_day WHERE compared IS NOT NULL ORDER BY gateway, day") { _ in } _: { row in
                (gateway: try row.text(0), day: CalendarDay(number: Int(try row.integer(1))), bill: try row.integer(2))
            }
        }
        var found: [BillFault] = []
        for (gateway, day, number) in days {
            let bill = try bill(number)
            let problems = try sumFaults(bill, gateway, day) + settlementFaults(bill, gateway, day)
            found += problems.map { BillFault(gateway: gateway, day: "\(day)", problem: $0) }
            if found.count >= limit { break }
        }
        return Array(found.prefix(limit))
    }

    private func sumFaults(_ bill: Bill, _ gateway: String, _ day: CalendarDay) throws(StoreError) -> [String] {
        func listed(_ sums: [BillSum]) -> [String] {
            sums.map { "\($0.count) lines of \($0.kind.rawValue) with \($0.amount) and fees of \($0.fee) \($0.currency)" }
        }
        let (kept, counted) = (listed(try billSums(gateway, day)), listed(bill.sums))
        return kept.filter { !counted.contains($0) }.map { "shows \($0), its lines do not" }
            + counted.filter { !kept.contains($0) }.map { "has \($0), which its sums do not show" }
    }

    private func settlementFaults(_ bill: Bill, _ gateway: String, _ day: CalendarDay) throws(StoreError) -> [String] {
        var apart = try settled(gateway, day)
        for move in bill.settlement { apart[move.cause] = BillSum.sum(apart[move.cause] ?? 0, 0 &- move.amount) }
        return apart.filter { $0.value != 0 }.map { cause, amount in
            let what = "\(cause.kind.rawValue) of \(cause.transaction)" + (cause.reference.isEmpty ? "" : " (\(cause.reference))")
            return "\(what) is settled with \(amount) \(cause.currency) more than its bill says"
        }.sorted()
    }
}
