package import Commerce
import Crypto
import GRDB

extension Writing {
    /// Gives every day that is due a row, from which on its bill is looked for.
    ///
    /// The first is the day of the account's first payment, for what was heard at its very beginning the day before. An
    /// account of which no payment was ever heard begins on the day it was first asked for here: that nobody tells us
    /// anything is what bills are for. None lies further back than the terms say.
    ///
    /// - Returns: how many are new.
    @discardableResult
    package func openBillDays(_ gateway: String, _ terms: BillTerms) throws(StoreError) -> Int {
        let now = desk.surroundings.time.now()
        let seen = try seeBills(of: gateway, at: now)
        var start = terms.day(seen)
        if let first = try reading.firstPayment(at: gateway) {
            start = min(start, terms.day(Timestamp(milliseconds: first.milliseconds - BillTerms.slack.milliseconds)))
        }
        var day = max(start, CalendarDay(number: terms.day(now).number - terms.lookBackDays))
        var opened = 0
        while day < terms.day(now), terms.firstLook(at: day) <= now {
            if try openBillDay(gateway, day) { opened += 1 }
            day = day.next
        }
        return opened
    }

    /// When an account's bills were first asked for here.
    private func seeBills(of gateway: String, at now: Timestamp) throws(StoreError) -> Timestamp {
        let seen = try perform { db in
            try db.run("INSERT OR IGNORE INTO bill_account (gateway, seen_at) VALUES (?, ?)") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, now.milliseconds)
            }
            return try db.first("SELECT seen_at FROM bill_account WHERE gateway = ?") { $0.set(1, gateway) } _: { try $0.integer(0) }
        }
        return Timestamp(milliseconds: seen ?? now.milliseconds)
    }

    /// Gives a day its row; one that has it keeps it.
    @discardableResult
    private func openBillDay(_ gateway: String, _ day: CalendarDay) throws(StoreError) -> Bool {
        let now = desk.surroundings.time.now()
        return try perform { db in
            try db.run("INSERT OR IGNORE INTO bill_day (gateway, day, state, look_at) VALUES (?, ?, 'waiting', ?)") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, now.milliseconds)
            }
            return db.changesCount > 0
        }
    }

    /// Keeps a day's bill, to be compared; the same again is known, and another one is a new version.
    ///
    /// Other days that this one may explain, or that list the same, are to be compared again.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    package func keep(_ bill: Bill, of day: CalendarDay, at gateway: String) throws(StoreError) -> Bool {
        try openBillDay(gateway, day)
        let digest = Array(SHA256.hash(data: bill.canonical))
        let held = try reading.billDay(gateway, day)?.bill
        if let held, let kept = try reading.billVersion(held), kept.digest == digest {
            try perform { db in
                try db.run("UPDATE bill_day SET compared = NULL WHERE gateway = ? AND day = ?") { parameters in
                    parameters.set(1, gateway)
                    parameters.set(2, Int64(day.number))
                }
            }
            return false
        }
        let version = try held.map { number throws(StoreError) in try reading.billVersion(number)?.version ?? 0 } ?? 0
        let number = try insert(bill, version: version + 1, digest, day, gateway)
        try perform { db in
            try db.run("UPDATE bill_day SET bill = ?3, compared = NULL, tries = 0, told = NULL WHERE gateway = ?1 AND day = ?2") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, number)
            }
            try db.run(
                """
                UPDATE bill_day SET compared = NULL WHERE gateway = ?1 AND compared IS NOT NULL AND (
                    day BETWEEN ?2 - 1 AND ?2 + 1
                    OR day IN (SELECT day FROM bill_difference WHERE gateway = ?1 AND state = 'pending')
                    OR bill IN (SELECT other.bill FROM bill_line AS own JOIN bill_line AS other ON other.txn = own.txn
                        WHERE own.bill IN (?3, ?4) AND own.kind IN ('payment', 'refund') AND other.kind = own.kind))
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, number)
                parameters.set(4, held ?? number)
            }
        }
        return true
    }

    private func insert(
        _ bill: Bill, version: Int64, _ digest: [UInt8], _ day: CalendarDay, _ gateway: String
    ) throws(StoreError) -> Int64 {
        let now = desk.surroundings.time.now()
        return try perform { db in
            try db.run("INSERT INTO bill (gateway, day, version, digest, came_at) VALUES (?, ?, ?, ?, ?)") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, version)
                parameters.set(4, digest)
                parameters.set(5, now.milliseconds)
            }
            let number = db.lastInsertedRowID
            for (position, line) in bill.lines.enumerated() {
                try db.run(
                    """
                    INSERT INTO bill_line (bill, position, kind, txn, number, reference, currency, amount, fee, at, final)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
                ) { parameters in
                    parameters.set(1, number)
                    parameters.set(2, Int64(position))
                    parameters.set(3, line.kind.rawValue)
                    parameters.set(4, line.transaction)
                    parameters.set(5, line.number)
                    parameters.set(6, line.reference)
                    parameters.set(7, line.amount.currency.code)
                    parameters.set(8, line.amount.amount)
                    parameters.set(9, line.fee)
                    parameters.set(10, line.at.milliseconds)
                    parameters.set(11, line.isFinal ? 1 : 0)
                }
            }
            for (position, total) in bill.totals.enumerated() {
                try db.run("INSERT INTO bill_total (bill, position, kind, currency, count, amount) VALUES (?, ?, ?, ?, ?, ?)") { parameters in
                    parameters.set(1, number)
                    parameters.set(2, Int64(position))
                    parameters.set(3, total.kind.rawValue)
                    parameters.set(4, total.amount.currency.code)
                    parameters.set(5, total.count)
                    parameters.set(6, total.amount.amount)
                }
            }
            return number
        }
    }

    /// Notes that no bill came: what the gateway said, and when to look again; a day that has one keeps its state.
    package func noteNoBill(
        _ gateway: String, _ day: CalendarDay, _ state: BillState, told: String, lookAgainAt: Timestamp?
    ) throws(StoreError) {
        try openBillDay(gateway, day)
        try perform { db in
            try db.run(
                """
                UPDATE bill_day SET state = iif(bill IS NULL, ?3, state), tries = tries + 1, told = ?4, look_at = ?5
                WHERE gateway = ?1 AND day = ?2
                """
            ) { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
                parameters.set(3, state.rawValue)
                parameters.set(4, told)
                parameters.set(5, lookAgainAt?.milliseconds)
            }
        }
    }

    /// Has a day compared again with what is known now.
    package func compareAgain(_ gateway: String, _ day: CalendarDay) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE bill_day SET compared = NULL WHERE gateway = ? AND day = ?") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, Int64(day.number))
            }
        }
    }
}
