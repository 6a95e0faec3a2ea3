package import Commerce
import GRDB

/// What came of telling something about an order.
package enum Telling: Sendable {
    case told(StoredOrder)
    /// It was told before; nothing changed.
    case known(StoredOrder)
    /// It cannot be now; nothing was written. The order as it is.
    case refused(OrderRefusal, StoredOrder)

    package var order: StoredOrder {
        switch self {
        case .told(let order), .known(let order), .refused(_, let order): order
        }
    }
}

extension Writing {
    /// Writes a fact of an order down with all that follows from it: stock, entitlements, money, timers, its place in the feed.
    ///
    /// Said once or a hundred times it happened once, and what follows follows once.
    ///
    /// - Parameters:
    ///   - at: when it happened, as its author says; nil for now.
    ///   - judged: whether the order's rules are asked first. What came from outside has happened whether they like it or not.
    /// - Throws: `.contradiction` where the goods it is about are not there, or the transaction pays another order.
    @discardableResult
    package func tell(
        _ fact: OrderFact, of number: String, at: Timestamp? = nil, by author: String, judged: Bool = true
    ) throws(StoreError) -> Telling {
        var book = try reading.book(number) ?? OrderBook(new: number)
        return try tell(fact, to: &book, nil, at: at, by: author, judged: judged)
    }

    /// As ``tell(_:of:at:by:judged:)``, to a book that was read in this transaction and stands as it was read.
    ///
    /// - Parameter policy: the policy of the order's channel, where the caller has it.
    func tell(
        _ fact: OrderFact, to book: inout OrderBook, _ policy: OrderPolicy?, at: Timestamp? = nil, by author: String, judged: Bool = true
    ) throws(StoreError) -> Telling {
        let number = book.number
        guard OrderNumber.isValid(number) else {
            throw .invalid(ValidationFailure(field: "order", reason: "must be 1 to \(OrderNumber.lengthMax) letters, digits, - and _"))
        }
        let told = RecordedFact(fact, at: at ?? desk.surroundings.time.now(), by: author)
        if book.knows(told) { return .known(book.order) }
        if judged, let refusal = refusal(of: fact, book.state) { return .refused(refusal, book.order) }
        guard judged || book.variants(of: fact.key) < OrderBook.variantsMax else {
            throw .contradiction("\"\(fact.key)\" of order \(number) was told in \(OrderBook.variantsMax) ways already; ask its author")
        }
        try add(told, to: &book)
        try follow(&book, policy, asked: judged ? fact : nil)
        return .told(book.order)
    }

    private func refusal(of fact: OrderFact, _ state: OrderState) -> OrderRefusal? {
        do throws(OrderRefusal) {
            try state.admit(fact)
            return nil
        } catch {
            if case .refundOpened = fact, desk.surroundings.plantedInOrders == .refundsWithoutBound { return nil }
            return error
        }
    }

    /// Does what the facts ask for until nothing is left to do.
    func follow(_ book: inout OrderBook, _ known: OrderPolicy? = nil, asked: OrderFact?) throws(StoreError) {
        let policy = if let known { known } else { try reading.orderPolicy(of: book.state.placed?.channel) }
        let author = "policy"
        // Each round writes at least one fact, and no chain of them is longer than money back to each payment.
        for _ in 0..<64 {
            try bookMoney(book)
            var next: [OrderFact] = []
            if let fact = try followStock(&book, policy, asked: asked) {
                next.append(fact)
            } else {
                try followEntitlements(book)
                next = try settleMoney(book, policy)
            }
            if next.isEmpty { break }
            let now = desk.surroundings.time.now()
            for fact in next { try add(RecordedFact(fact, at: now, by: author), to: &book) }
        }
        try followTimers(book, policy)
        try followRefunds(book)
        try followParcels(book)
        try saveHead(book)
    }

    /// What is to be done about money that does not fit its order.
    private func settleMoney(_ book: OrderBook, _ policy: OrderPolicy) throws(StoreError) -> [OrderFact] {
        var failure: StoreError?
        let steps = policy.payments.verdict(on: book.state) {
            do throws(StoreError) { return try holdAgain(book, policy) } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        let facts: [OrderFact] = steps.compactMap { step in
            switch step {
            case .reinstate(let cancellation): .reinstated(cancellation: cancellation)
            case .refund(let refund): .refundOpened(refund)
            // The buyer sees what is missing; its timer ends the wait.
            case .askForRest: nil
            }
        }
        if !facts.isEmpty { return facts }
        guard let owing = book.state.afterSales.first(where: { $0.owed > 0 }) else { return [] }
        return RefundPlan.refunds(for: owing.id, of: book.state).map(OrderFact.refundOpened)
    }

    func add(_ told: RecordedFact, to book: inout OrderBook) throws(StoreError) {
        guard book.version < OrderBook.factsMax else {
            throw .contradiction("order \(book.number) has \(OrderBook.factsMax) facts, the most there may be")
        }
        book.append(told)
        if case .placed(let order) = told.fact, let external = order.externalNumber {
            book.owner = "channel/\(order.channel)/\(external)"
        }
        let row: Int64
        if let held = book.row {
            row = held
        } else {
            row = try insertHead(book)
            book.row = row
            book.rowVersion = book.version
        }
        let heard = desk.surroundings.time.now()
        try perform { db in
            try db.run(
                "INSERT INTO order_fact (subject, key, kind, at, heard_at, author, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
            ) { parameters in
                parameters.set(1, row)
                parameters.set(2, told.fact.key)
                parameters.set(3, told.fact.kind.rawValue)
                parameters.set(4, told.at.milliseconds)
                parameters.set(5, heard.milliseconds)
                parameters.set(6, told.author)
                parameters.set(7, told.fact.body.bytes)
            }
        }
    }
}

extension OrderBook {
    /// In how many ways one thing may be told before somebody must be asked.
    static let variantsMax = 4
    /// The most facts of one order; a life has dozens. So many of the largest amounts still add up.
    static let factsMax: Int64 = 1_000
}
