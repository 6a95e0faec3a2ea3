package import Commerce
import GRDB

extension Writing {
    /// Books what a bill moves and the books of its day do not show yet.
    ///
    /// After a corrected bill only what it changed is moved, back where it is less; so the entries of a day always come to
    /// what its newest bill says, and none is ever altered.
    func settle(_ bill: Bill, _ number: Int64, _ gateway: String, _ day: CalendarDay) throws(StoreError) {
        var missing = try reading.settled(gateway, day).mapValues { 0 &- $0 }
        for move in bill.settlement { missing[move.cause] = BillSum.sum(missing[move.cause] ?? 0, move.amount) }
        let now = desk.surroundings.time.now()
        for (cause, amount) in missing.filter({ $0.value != 0 }).sorted(by: { $0.key.place < $1.key.place }) {
            let way = cause.kind.way
            try perform { db in
                try db.run(
                    """
                    INSERT INTO settlement_entry
                        (gateway, day, bill, kind, txn, reference, currency, amount, from_account, to_account, at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
                ) { parameters in
                    parameters.set(1, gateway)
                    parameters.set(2, Int64(day.number))
                    parameters.set(3, number)
                    parameters.set(4, cause.kind.rawValue)
                    parameters.set(5, cause.transaction)
                    parameters.set(6, cause.reference)
                    parameters.set(7, cause.currency.code)
                    parameters.set(8, Int64(clamping: amount.magnitude))
                    parameters.set(9, (amount > 0 ? way.from : way.to).rawValue)
                    parameters.set(10, (amount > 0 ? way.to : way.from).rawValue)
                    parameters.set(11, now.milliseconds)
                }
            }
        }
    }
}

extension SettlementMove.Cause {
    fileprivate var place: String { "\(kind.rawValue) \(transaction) \(reference) \(currency)" }
}

extension Reading {
    /// What a day's entries come to for each cause, with the sign its kind has.
    func settled(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> [SettlementMove.Cause: Int64] {
        var found: [SettlementMove.Cause: Int64] = [:]
        for entry in try entries(gateway, day) {
            let signed = entry.from == entry.cause.kind.way.from ? entry.amount : -entry.amount
            found[entry.cause] = BillSum.sum(found[entry.cause] ?? 0, signed)
        }
        return found
    }

    /// What is in each account from one day's entries; the payer's side is negative.
    package func settlementSums(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> [BillReport.AccountSum] {
        struct Place: Hashable { let account: SettlementAccount; let currency: Currency }
        var sums: [Place: Int64] = [:]
        for entry in try entries(gateway, day) {
            for (account, amount) in [(entry.to, entry.amount), (entry.from, -entry.amount)] {
                let place = Place(account: account, currency: entry.cause.currency)
                sums[place] = BillSum.sum(sums[place] ?? 0, amount)
            }
        }
        return sums.sorted { ($0.key.currency.code, $0.key.account.rawValue) < ($1.key.currency.code, $1.key.account.rawValue) }.map {
            BillReport.AccountSum(account: $0.key.account, balance: Money(amount: $0.value, currency: $0.key.currency))
        }
    }

    private struct Entry {
        let cause: SettlementMove.Cause
        let amount: Int64
        let from: SettlementAccount
        let to: SettlementAccount
    }

    private func entries(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> [Entry] {
        try perform { db in
            try db.all(
                """
                SELECT kind, txn, reference, currency, amount, from_account, to_account FROM settlement_entry
                WHERE gateway = ? AND day = ?
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            } _: { row in
                guard let kind = SettlementMove.Kind(rawValue: try row.text(0)), let currency = Currency(try row.text(3)),
                    let from = SettlementAccount(rawValue: try row.text(5)), let to = SettlementAccount(rawValue: try row.text(6))
                else { throw StoreError.corrupt("a settlement entry of \(gateway) on \(day)") }
                return Entry(
                    cause: SettlementMove.Cause(
                        kind: kind, transaction: try row.text(1), reference: try row.text(2), currency: currency),
                    amount: try row.integer(4), from: from, to: to)
            }
        }
    }
}
