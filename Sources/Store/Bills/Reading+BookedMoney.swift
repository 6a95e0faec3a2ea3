import Commerce
import GRDB

/// What our books have that a day of an account is compared with.
struct BooksOfDay {
    var payments: [BookedPayment] = []
    var refunds: [BookedRefund] = []
    var attempts: Set<GatewayNumber> = []
    var elsewhere: [ListedLine] = []
}

extension Reading {
    /// When an account was paid first, as far as we were told; nil when it never was.
    func firstPayment(at gateway: String) throws(StoreError) -> Timestamp? {
        try perform { db in
            try db.first(
                """
                SELECT min(entry.at, (SELECT min(at) FROM order_fact WHERE subject = entry.subject AND key = entry.cause))
                FROM money_entry AS entry WHERE gateway = ? AND from_account = 'buyer' ORDER BY entry.at LIMIT 1
                """
            ) { $0.set(1, gateway) } _: { Timestamp(milliseconds: try $0.integer(0)) }
        }
    }

    /// All that a bill's lines may mean and all that was booked on its day, order by order: a few looks for each.
    func books(_ gateway: String, _ day: CalendarDay, _ bill: Bill, _ terms: BillTerms) throws(StoreError) -> BooksOfDay {
        var subjects: Set<Int64> = []
        for line in bill.lines where line.kind == .payment || line.kind == .refund {
            if let subject = try subject(paidBy: line.transaction, gateway) { subjects.insert(subject) }
            if let number = line.number.flatMap({ GatewayNumber($0) }), let subject = try subject(number.order) { subjects.insert(subject) }
        }
        let (from, to) = (day.start(offset: terms.offset), day.next.start(offset: terms.offset))
        let booked = try perform { db in
            try db.all("SELECT DISTINCT subject FROM money_entry WHERE gateway = ? AND at >= ? AND at < ?") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, from.milliseconds)
                parameters.set(3, to.milliseconds)
            } _: { try $0.integer(0) }
        }
        subjects.formUnion(booked)
        var books = BooksOfDay()
        for subject in subjects.sorted() { try gather(subject, gateway, into: &books) }
        try gatherAttempts(bill, gateway, into: &books)
        try gatherElsewhere(gateway, day, bill, into: &books)
        return books
    }

    private func subject(paidBy transaction: String, _ gateway: String) throws(StoreError) -> Int64? {
        try perform { db in
            try db.first("SELECT subject FROM payment WHERE gateway = ? AND txn = ?") { parameters in
                parameters.set(1, gateway)
                parameters.set(2, transaction)
            } _: { try $0.integer(0) }
        }
    }

    private func subject(_ order: String) throws(StoreError) -> Int64? {
        try perform { db in
            try db.first("SELECT num FROM order_head WHERE number = ?") { $0.set(1, order) } _: { try $0.integer(0) }
        }
    }

    private struct Entry {
        let order: String
        let transaction: String
        let amount: Money
        let from: String
        let to: String
        let cause: String
        let bookedAt: Timestamp
        let at: Timestamp
        let body: [UInt8]
    }

    private func gather(_ subject: Int64, _ gateway: String, into books: inout BooksOfDay) throws(StoreError) {
        let entries = try perform { db in
            try db.all(
                """
                SELECT number, entry.txn, entry.currency, entry.amount, from_account, to_account, cause, entry.at, min(fact.at), fact.body
                FROM money_entry AS entry JOIN order_head ON order_head.num = entry.subject
                JOIN order_fact AS fact ON fact.subject = entry.subject AND fact.key = entry.cause
                WHERE entry.subject = ? AND entry.gateway = ? GROUP BY entry.num
                """
            ) { parameters in
                parameters.set(1, subject)
                parameters.set(2, gateway)
            } _: { row in
                guard let currency = Currency(try row.text(2)) else { throw StoreError.corrupt("a money entry of order \(try row.text(0))") }
                return Entry(
                    order: try row.text(0), transaction: try row.text(1), amount: Money(amount: try row.integer(3), currency: currency),
                    from: try row.text(4), to: try row.text(5), cause: try row.text(6),
                    bookedAt: Timestamp(milliseconds: try row.integer(7)), at: Timestamp(milliseconds: try row.integer(8)),
                    body: try row.bytes(9))
            }
        }
        var settled: [String: BookedRefund.Settled] = [:]
        for entry in entries where entry.from == MoneyAccount.promised.rawValue {
            settled[entry.cause] = BookedRefund.Settled(at: entry.at, bookedAt: entry.bookedAt)
        }
        for entry in entries {
            if entry.from == MoneyAccount.buyer.rawValue {
                let payment = Payment(
                    ref: PaymentRef(gateway: gateway, transaction: entry.transaction), attempt: try attempt(entry.body, entry.order),
                    amount: entry.amount)
                books.payments.append(BookedPayment(order: entry.order, payment: payment, at: entry.at, bookedAt: entry.bookedAt))
            } else if entry.to == MoneyAccount.promised.rawValue {
                guard let part = EntityID(String(entry.cause.dropFirst("refund:".count))) else {
                    throw .corrupt("a refund of order \(entry.order) cannot be read")
                }
                books.refunds.append(
                    BookedRefund(
                        number: GatewayNumber(order: entry.order, part: part), transaction: entry.transaction, amount: entry.amount,
                        openedAt: entry.at, settled: settled[OrderFact.refundSettled(part).key]))
            }
        }
    }

    private func attempt(_ body: [UInt8], _ order: String) throws(StoreError) -> EntityID? {
        do { return try JSON.parse(body)["attempt"]?.string.flatMap { EntityID($0) } } catch {
            throw .corrupt("a payment of order \(order) cannot be read")
        }
    }

    /// Which of the attempts that lines name, and that no payment of ours answers, buyers were sent to.
    private func gatherAttempts(_ bill: Bill, _ gateway: String, into books: inout BooksOfDay) throws(StoreError) {
        let paid = Set(books.payments.map(\.payment.ref.transaction))
        for line in bill.lines where line.kind == .payment && !paid.contains(line.transaction) {
            guard let number = line.number.flatMap({ GatewayNumber($0) }) else { continue }
            let body = try perform { db in
                try db.first(
                    "SELECT body FROM order_fact JOIN order_head ON order_head.num = subject WHERE number = ? AND key = ?"
                ) { parameters in
                    parameters.set(1, number.order)
                    parameters.set(2, "pay:\(number.part)")
                } _: { try $0.bytes(0) }
            }
            guard let body else { continue }
            do {
                if try JSON.parse(body)["gateway"]?.string == gateway { books.attempts.insert(number) }
            } catch { throw .corrupt("an attempt of order \(number.order) cannot be read") }
        }
    }

    /// What the newest bills of other days list of the same transactions.
    private func gatherElsewhere(
        _ gateway: String, _ day: CalendarDay, _ bill: Bill, into books: inout BooksOfDay
    ) throws(StoreError) {
        var transactions = Set(bill.lines.filter { $0.kind != .other }.map(\.transaction))
        transactions.formUnion(books.payments.map(\.payment.ref.transaction))
        for transaction in transactions.sorted() where !transaction.isEmpty {
            books.elsewhere += try perform { db in
                try db.all(
                    """
                    SELECT \(BillLine.columns), bill_day.day FROM bill_line JOIN bill ON bill.num = bill_line.bill
                    JOIN bill_day ON bill_day.gateway = bill.gateway AND bill_day.day = bill.day AND bill_day.bill = bill.num
                    WHERE bill_line.txn = ? AND bill.gateway = ? AND bill.day <> ? AND kind <> 'other'
                    """
                ) { parameters in
                    parameters.set(1, transaction)
                    parameters.set(2, gateway)
                    parameters.set(3, Int64(day.number))
                } _: { ListedLine(CalendarDay(number: Int(try $0.integer(9))), try BillLine($0)) }
            }
        }
    }
}
