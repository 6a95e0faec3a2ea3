/// How far a day's bill is.
package enum BillState: String, CaseIterable, Sendable {
    /// It was not looked for yet, or came and is still to be compared.
    case waiting
    /// The gateway has not made it yet.
    case notYet = "not-yet"
    /// It came without lines, and our books have none for it.
    case empty
    case matched
    /// Some differences are open.
    case differences
    /// The gateway gave no usable answer, or refused.
    case failed
}

/// A difference as it is kept, with what became of it.
package struct StoredBillDifference: Hashable, Sendable {
    package enum Standing: String, CaseIterable, Sendable { case pending, open, repaired, explained }

    package let number: Int64
    package let gateway: String
    package let day: CalendarDay
    package let difference: BillDifference
    package let standing: Standing
    /// What came of the last try to repair it.
    package let told: String?
    package let foundAt: Timestamp
    package let changedAt: Timestamp
    /// Who ended it; `itself` for one that was not found again.
    package let endedBy: String?
    /// Why it is no difference, as an operator explained it.
    package let reason: String?

    package init(
        number: Int64, gateway: String, day: CalendarDay, difference: BillDifference, standing: Standing, told: String?,
        foundAt: Timestamp, changedAt: Timestamp, endedBy: String?, reason: String?
    ) {
        self.number = number
        self.gateway = gateway
        self.day = day
        self.difference = difference
        self.standing = standing
        self.told = told
        self.foundAt = foundAt
        self.changedAt = changedAt
        self.endedBy = endedBy
        self.reason = reason
    }

    package var json: JSON {
        .members([
            ("number", .integer(number)), ("day", .string("\(day)")), ("class", .string(difference.kind.rawValue)),
            ("state", .string(standing.rawValue)), ("kind", .string(difference.movement.kind.rawValue)),
            ("transaction", .text(difference.movement.transaction)), ("part", .text(difference.movement.part)),
            ("order", difference.order.map(JSON.string)), ("amount", difference.amount?.members), ("here", difference.here),
            ("there", difference.there), ("repair", difference.repair.json), ("told", told.map(JSON.string)),
            ("found_at", .integer(foundAt.milliseconds)), ("changed_at", .integer(changedAt.milliseconds)),
            ("ended_by", endedBy.map(JSON.string)), ("reason", reason.map(JSON.string)),
        ])
    }
}

/// What a day of one account came to: for a table, and for programs.
package struct BillReport: Hashable, Sendable {
    package let gateway: String
    package let day: CalendarDay
    package let state: BillState
    /// How often another bill came for it; 0 before the first.
    package let version: Int64
    package let tries: Int64
    package let lookAt: Timestamp?
    /// What the gateway said last, when it gave no bill.
    package let told: String?
    package let comparedAt: Timestamp?
    package let sums: [BillSum]
    /// What is in each account of the settlement from this day, by currency.
    package let settlement: [AccountSum]
    /// Everything that was ever found for it, open or not.
    package let differences: [StoredBillDifference]

    package struct AccountSum: Hashable, Sendable {
        package let account: SettlementAccount
        package let balance: Money

        package init(account: SettlementAccount, balance: Money) {
            self.account = account
            self.balance = balance
        }
    }

    package init(
        gateway: String, day: CalendarDay, state: BillState, version: Int64, tries: Int64, lookAt: Timestamp?, told: String?,
        comparedAt: Timestamp?, sums: [BillSum], settlement: [AccountSum], differences: [StoredBillDifference]
    ) {
        self.gateway = gateway
        self.day = day
        self.state = state
        self.version = version
        self.tries = tries
        self.lookAt = lookAt
        self.told = told
        self.comparedAt = comparedAt
        self.sums = sums
        self.settlement = settlement
        self.differences = differences
    }

    package var open: [StoredBillDifference] { differences.filter { $0.standing == .open } }
    package var pending: [StoredBillDifference] { differences.filter { $0.standing == .pending } }

    /// What is open of a class, and what is at stake in each currency.
    package func open(_ kind: BillDifference.Class) -> (count: Int, amounts: [Money]) {
        let found = open.filter { $0.difference.kind == kind }
        let amounts = Dictionary(grouping: found.compactMap(\.difference.amount), by: \.currency)
        return (
            found.count,
            amounts.sorted { $0.key < $1.key }.map { currency, all in
                Money(amount: all.reduce(0) { BillSum.sum($0, $1.amount) }, currency: currency)
            }
        )
    }

    package var json: JSON {
        let classes = BillDifference.Class.allCases.compactMap { kind -> (String, JSON)? in
            let (count, amounts) = open(kind)
            return count == 0
                ? nil : (kind.rawValue, ["count": .integer(Int64(count)), "amounts": .array(amounts.map(\.members))])
        }
        return .members([
            ("gateway", .string(gateway)), ("day", .string("\(day)")), ("state", .string(state.rawValue)), ("version", .integer(version)),
            ("tries", .integer(tries)), ("look_at", lookAt.map { .integer($0.milliseconds) }), ("told", told.map(JSON.string)),
            ("compared_at", comparedAt.map { .integer($0.milliseconds) }), ("sums", .array(sums.map(\.json))),
            ("settlement", .array(settlement.map { ["account": .string($0.account.rawValue), "balance": $0.balance.members] })),
            ("open", .members(classes)), ("pending", .integer(Int64(pending.count))), ("differences", .array(differences.map(\.json))),
        ])
    }
}
