import Commerce
import GRDB

/// Something kept of an order that is not what its facts say.
package struct OrderDifference: Hashable, Sendable {
    package let order: String
    package let problem: String
}

extension Reading {
    /// Folds every order again and compares; empty when all that is kept beside the facts follows from them.
    package func orderDifferences(limit: Int = 100) throws(StoreError) -> [OrderDifference] {
        var found: [OrderDifference] = []
        var last: Int64 = 0
        while found.count < limit {
            let after = last
            let page = try perform { db in
                try db.all("SELECT num, number FROM order_head WHERE num > ? ORDER BY num LIMIT 200") { $0.set(1, after) } _: {
                    (row: try $0.integer(0), number: try $0.text(1))
                }
            }
            guard let end = page.last else { break }
            for (_, number) in page {
                found += try differences(of: number).map { OrderDifference(order: number, problem: $0) }
                if found.count >= limit { break }
            }
            last = end.row
        }
        return Array(found.prefix(limit))
    }

    /// What of one order is not as its facts say; its number for one that is unknown.
    package func differences(of number: String) throws(StoreError) -> [String] {
        guard let book = try book(number), let row = book.row else { return ["is not there"] }
        return try headDifferences(book, row) + moneyDifferences(book, row) + goodsDifferences(book)
            + timerDifferences(book) + entitlementDifferences(book)
    }

    private func headDifferences(_ book: OrderBook, _ row: Int64) throws(StoreError) -> [String] {
        let head = try perform { db in
            try db.first("SELECT phase, version, problems, owner FROM order_head WHERE num = ?") { $0.set(1, row) } _: { row in
                (phase: try row.text(0), version: try row.integer(1), problems: try row.integer(2), owner: try row.text(3))
            }
        }
        guard let head else { return [] }
        var found: [String] = []
        if head.phase != book.state.phase.rawValue { found.append("is listed as \(head.phase), its facts make it \(book.state.phase.rawValue)") }
        if head.version != book.version { found.append("is listed with \(head.version) facts, it has \(book.version)") }
        if head.problems != Int64(book.state.problems.count) {
            found.append("is listed with \(head.problems) problems, it has \(book.state.problems.count)")
        }
        return found
    }

    private func moneyDifferences(_ book: OrderBook, _ row: Int64) throws(StoreError) -> [String] {
        let wanted = book.state.moneyEntries
        let booked = try perform { db in
            try db.all(
                "SELECT gateway, txn, currency, amount, from_account, to_account, cause FROM money_entry WHERE subject = ? ORDER BY num"
            ) { $0.set(1, row) } _: { row in
                guard let currency = Currency(try row.text(2)), let from = MoneyAccount(rawValue: try row.text(4)),
                    let to = MoneyAccount(rawValue: try row.text(5))
                else { throw StoreError.corrupt("a money entry of order \(book.number)") }
                return MoneyEntry(
                    payment: PaymentRef(gateway: try row.text(0), transaction: try row.text(1)),
                    amount: Money(amount: try row.integer(3), currency: currency), from: from, to: to, cause: try row.text(6))
            }
        }
        var found = wanted.filter { !booked.contains($0) }.map { "\"\($0.cause)\" moved \($0.amount), which is not booked" }
        found += booked.filter { !wanted.contains($0) }.map { "\"\($0.cause)\" is booked with \($0.amount), no fact says so" }
        for payment in book.state.payments {
            let held = try perform { db in
                try db.first("SELECT captured, promised + refunded FROM payment WHERE gateway = ? AND txn = ?") { row in
                    row.set(1, payment.payment.ref.gateway)
                    row.set(2, payment.payment.ref.transaction)
                } _: { (captured: try $0.integer(0), opened: try $0.integer(1)) }
            }
            guard held?.captured != payment.payment.amount.amount || held?.opened != payment.opened else { continue }
            found.append("payment \(payment.payment.ref) is kept otherwise than its facts say")
        }
        return found
    }

    private func goodsDifferences(_ book: OrderBook) throws(StoreError) -> [String] {
        let state = book.state
        guard state.placed != nil, !state.problems.contains(where: \.isOfGoods) else { return [] }
        let holds = try holds(owner: book.owner)
        if state.isCancelled {
            return holds.filter { $0.state == .open || $0.toShip > 0 }.map { "is cancelled and still has \($0.quantity) of \($0.sku)" }
        }
        var found: [String] = []
        let paid = state.money?.isPaid == true || book.isChannels
        for line in state.lines {
            for part in line.line.demand(line.line.quantity) {
                let own = holds.filter { $0.line == part.line && $0.sku == part.sku.ref && $0.state == .claimed }
                let (bought, left) = (own.reduce(0) { $0 + $1.quantity }, own.reduce(0) { $0 + $1.shipped })
                // A hold made for late money leaves out what was called off by then.
                if paid, bought > part.quantity || bought < part.quantity && line.calledOff == 0 {
                    found.append("has \(bought) of \(part.sku), \(part.quantity) are paid for")
                }
                let pieces = line.line.quantity == 0 ? 0 : part.quantity / line.line.quantity
                if line.line.isSent, !state.isPickedUp, left != line.shipped * pieces {
                    found.append("\(left) of \(part.sku) left the house, its parcels have \(line.shipped * pieces)")
                }
            }
        }
        return found
    }

    private func timerDifferences(_ book: OrderBook) throws(StoreError) -> [String] {
        let held = try timers(of: book.number)
        let wanted = book.state.timers(try orderPolicy(of: book.state.placed?.channel).patience)
        let lost = wanted.filter { timer in !held.contains { $0.timer.kind == timer.kind && $0.timer.afterSale == timer.afterSale } }
        let extra = held.filter { timer in !wanted.contains { $0.kind == timer.timer.kind && $0.afterSale == timer.timer.afterSale } }
        return lost.map { "has no timer \($0.kind.rawValue)" } + extra.map { "has a timer \($0.timer.kind.rawValue) it has no use for" }
    }

    private func entitlementDifferences(_ book: OrderBook) throws(StoreError) -> [String] {
        guard book.state.placed != nil, !book.isChannels else { return [] }
        let target = book.state.entitlements
        var found: [String] = []
        for use in try entitlementUses(owner: book.owner) {
            switch use.kind {
            case .points:
                if use.claimed != target.pointsClaimed || use.returned != target.pointsReturned {
                    found.append("has \(use.claimed) points used and \(use.returned) given back, its facts say \(target.pointsClaimed) and \(target.pointsReturned)")
                }
            case .coupon:
                let state: EntitlementState = use.returned > 0 ? .returned : use.claimed > 0 ? .claimed : .held
                if let wanted = target.coupons[use.id], wanted != state { found.append("coupon \(use.id) is \(state.rawValue), its facts make it \(wanted.rawValue)") }
            case .quota: break
            }
        }
        return found
    }
}

extension OrderProblem {
    /// Told by others about goods in a way that cannot be; the book follows what it can.
    fileprivate var isOfGoods: Bool {
        switch self {
        case .contradiction, .waits, .noSuchLine, .shippedTooMany, .shippedUnpaid, .shippedAlthoughCancelled, .resurrected: true
        case .otherCurrency, .otherAmount, .refundedElsewhere, .disputed, .refundedTooMuch, .refundedTooMuchForLine: false
        }
    }
}
