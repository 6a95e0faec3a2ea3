package import Commerce
import GRDB

/// A day of an account, as far as its bill is.
package struct BillDayRow: Hashable, Sendable {
    package let gateway: String
    package let day: CalendarDay
    package let state: BillState
    package let tries: Int64
    /// When its bill is looked for next; nil when nobody does by himself.
    package let lookAt: Timestamp?
    package let told: String?
    package let comparedAt: Timestamp?
    /// The newest version that came.
    let bill: Int64?
    let compared: Int64?

    package var hasBill: Bool { bill != nil }
    /// A bill is here whose differences are not known, or not with all that is known by now.
    package var isToCompare: Bool { bill != nil && compared == nil }

    static let select = "SELECT gateway, day, state, tries, look_at, told, compared_at, bill, compared FROM bill_day"

    init(_ row: Columns) throws(StoreError) {
        gateway = try row.text(0)
        day = CalendarDay(number: Int(try row.integer(1)))
        guard let state = BillState(rawValue: try row.text(2)) else { throw .corrupt("the bill of \(day) has no state") }
        self.state = state
        tries = try row.integer(3)
        lookAt = try row.integerIfAny(4).map { Timestamp(milliseconds: $0) }
        told = try row.textIfAny(5)
        comparedAt = try row.integerIfAny(6).map { Timestamp(milliseconds: $0) }
        bill = try row.integerIfAny(7)
        compared = try row.integerIfAny(8)
    }
}

extension BillLine {
    static let columns = "bill_line.kind, bill_line.txn, number, reference, currency, amount, fee, at, final"

    init(_ row: Columns) throws(StoreError) {
        guard let kind = Kind(rawValue: try row.text(0)), let currency = Currency(try row.text(4)) else {
            throw .corrupt("a line of a bill")
        }
        self.init(
            kind: kind, transaction: try row.text(1), number: try row.textIfAny(2), reference: try row.textIfAny(3),
            amount: Money(amount: try row.integer(5), currency: currency), fee: try row.integer(6),
            at: Timestamp(milliseconds: try row.integer(7)), isFinal: try row.integer(8) == 1)
    }
}

extension Reading {
    package func billDay(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> BillDayRow? {
        try perform { db in
            try db.first(BillDayRow.select + " WHERE gateway = ? AND day = ?") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            } _: { try BillDayRow($0) }
        }
    }

    /// The days of an account that are known, the latest first.
    package func billDays(_ gateway: String, limit: Int) throws(StoreError) -> [BillDayRow] {
        try perform { db in
            try db.all(BillDayRow.select + " WHERE gateway = ? ORDER BY day DESC LIMIT ?") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(limit))
            } _: { try BillDayRow($0) }
        }
    }

    /// Days whose bill is to be looked for now, the earliest day first.
    package func dueBillDays(_ gateway: String, at now: Timestamp) throws(StoreError) -> [BillDayRow] {
        try perform { db in
            try db.all(BillDayRow.select + " WHERE gateway = ? AND look_at <= ? ORDER BY day") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, now.milliseconds)
            } _: { try BillDayRow($0) }
        }
    }

    /// Days whose bill came and is to be compared, the earliest first; one that failed waits for its time.
    package func billDaysToCompare(_ gateway: String, at now: Timestamp) throws(StoreError) -> [BillDayRow] {
        try perform { db in
            try db.all(
                BillDayRow.select + """
                     WHERE gateway = ? AND bill IS NOT NULL AND compared IS NULL AND (told IS NULL OR look_at IS NULL OR look_at <= ?)
                    ORDER BY day
                    """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, now.milliseconds)
            } _: { try BillDayRow($0) }
        }
    }

    package func billCoverage(_ gateway: String) throws(StoreError) -> BillCoverage {
        let days = try perform { db in
            try db.all("SELECT day, bill IS NOT NULL FROM bill_day WHERE gateway = ?") { $0.set(1, gateway) } _: { row in
                (day: CalendarDay(number: Int(try row.integer(0))), come: try row.integer(1) == 1)
            }
        }
        return BillCoverage(
            come: Set(days.filter(\.come).map(\.day)), awaited: Set(days.filter { !$0.come }.map(\.day)))
    }

    /// The newest bill of a day that came; nil for none.
    package func bill(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> Bill? {
        guard let number = try billDay(gateway, day)?.bill else { return nil }
        return try bill(number)
    }

    func bill(_ number: Int64) throws(StoreError) -> Bill {
        let lines = try perform { db in
            try db.all("SELECT \(BillLine.columns) FROM bill_line WHERE bill = ? ORDER BY position") { $0.set(1, number) } _: {
                try BillLine($0)
            }
        }
        let totals = try perform { db in
            try db.all("SELECT kind, currency, count, amount FROM bill_total WHERE bill = ? ORDER BY position") { $0.set(1, number) } _: { row in
                guard let kind = BillLine.Kind(rawValue: try row.text(0)), let currency = Currency(try row.text(1)) else {
                    throw StoreError.corrupt("a total of a bill")
                }
                return BillTotal(
                    kind: kind, count: try row.integerIfAny(2), amount: Money(amount: try row.integer(3), currency: currency))
            }
        }
        return Bill(lines: lines, totals: totals)
    }

    func billVersion(_ number: Int64) throws(StoreError) -> (version: Int64, digest: [UInt8])? {
        try perform { db in
            try db.first("SELECT version, digest FROM bill WHERE num = ?") { $0.set(1, number) } _: { row in
                (try row.integer(0), try row.bytes(1))
            }
        }
    }
}
