/// All that is known about one day of one account, on its way to being compared.
package struct BillDay: Sendable {
    package let gateway: String
    package let day: CalendarDay
    package let bill: Bill
    /// What the current bills of other days list of the same transactions.
    package let elsewhere: [ListedLine]
    /// All that the bill's lines may mean, and all that was booked that day.
    package let payments: [BookedPayment]
    package let refunds: [BookedRefund]
    /// Of the attempts that the bill names, those we sent a buyer to.
    package let attempts: Set<GatewayNumber>
    package let coverage: BillCoverage
    package let terms: BillTerms
    package let now: Timestamp

    package init(
        gateway: String, day: CalendarDay, bill: Bill, elsewhere: [ListedLine] = [], payments: [BookedPayment] = [],
        refunds: [BookedRefund] = [], attempts: Set<GatewayNumber> = [], coverage: BillCoverage, terms: BillTerms, now: Timestamp
    ) {
        self.gateway = gateway
        self.day = day
        self.bill = bill
        self.elsewhere = elsewhere
        self.payments = payments
        self.refunds = refunds
        self.attempts = attempts
        self.coverage = coverage
        self.terms = terms
        self.now = now
    }

    func contains(_ time: Timestamp) -> Bool { terms.day(time) == day }
    var end: Timestamp { day.next.start(offset: terms.offset) }
}

/// A line and the day whose bill lists it.
package struct ListedLine: Hashable, Sendable {
    package let day: CalendarDay
    package let line: BillLine

    package init(_ day: CalendarDay, _ line: BillLine) {
        self.day = day
        self.line = line
    }
}

/// What came of comparing a day.
package struct BillComparison: Sendable {
    /// In an order that does not depend on that of the lines.
    package let differences: [BillDifference]
    package let sums: [BillSum]
    /// How many things were looked up for it: grows with the day, and with nothing else.
    package let looks: Int
}

/// What a day's lines of one kind and currency come to.
package struct BillSum: Hashable, Sendable {
    package let kind: BillLine.Kind
    package let currency: Currency
    package var count: Int64 = 0
    package var amount: Int64 = 0
    package var fee: Int64 = 0
    /// Of them, those that our books have just so.
    package var matchedCount: Int64 = 0
    package var matchedAmount: Int64 = 0

    package init(_ kind: BillLine.Kind, _ currency: Currency) {
        self.kind = kind
        self.currency = currency
    }

    package mutating func add(_ line: BillLine) {
        count += 1
        amount = BillSum.sum(amount, line.amount.amount)
        fee = BillSum.sum(fee, line.fee)
    }

    mutating func match(_ line: BillLine) {
        matchedCount += 1
        matchedAmount = BillSum.sum(matchedAmount, line.amount.amount)
    }

    /// Stops at the greatest number instead of trapping: a statement is not ours, and may say anything.
    package static func sum(_ left: Int64, _ right: Int64) -> Int64 { Int64(clamping: Int128(left) + Int128(right)) }

    package var json: JSON {
        [
            "kind": .string(kind.rawValue), "currency": .string(currency.code), "count": .integer(count), "amount": .integer(amount),
            "fee": .integer(fee), "matched_count": .integer(matchedCount), "matched_amount": .integer(matchedAmount),
        ]
    }
}

extension Bill {
    /// What its lines come to, told apart by kind and currency.
    package var sums: [BillSum] {
        var found: [BillSum.Key: BillSum] = [:]
        for line in lines { found[line.sumKey, default: BillSum(line.kind, line.amount.currency)].add(line) }
        return found.values.sorted { $0.key < $1.key }
    }
}

extension BillSum {
    struct Key: Hashable, Comparable {
        let kind: BillLine.Kind
        let currency: Currency

        static func < (left: Key, right: Key) -> Bool {
            (left.kind.rawValue, left.currency) < (right.kind.rawValue, right.currency)
        }
    }

    var key: Key { Key(kind: kind, currency: currency) }
}

extension BillLine {
    var sumKey: BillSum.Key { BillSum.Key(kind: kind, currency: amount.currency) }
}
