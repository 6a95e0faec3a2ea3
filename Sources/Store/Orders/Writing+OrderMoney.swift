package import Commerce
import GRDB

/// Where an order's money is.
package enum MoneyAccount: String, CaseIterable, Sendable {
    /// With whoever pays; unbounded.
    case buyer
    /// Came in, and is promised to nobody.
    case gateway
    /// Is to go back, or on its way.
    case promised
}

/// Minor units of one payment that moved, once for each cause.
package struct MoneyEntry: Hashable, Sendable {
    package let payment: PaymentRef
    package let amount: Money
    package let from: MoneyAccount
    package let to: MoneyAccount
    /// The fact it follows from.
    package let cause: String
}

extension OrderState {
    /// All that an order's facts have moved: each is known by its cause, and none is ever taken back.
    package var moneyEntries: [MoneyEntry] {
        var entries = payments.map {
            MoneyEntry(
                payment: $0.payment.ref, amount: $0.payment.amount, from: .buyer, to: .gateway,
                cause: OrderFact.paid($0.payment).key)
        }
        for refund in refunds where payment(refund.refund.payment) != nil {
            let (to, amount) = (refund.refund.payment, refund.refund.amount)
            entries.append(
                MoneyEntry(payment: to, amount: amount, from: .gateway, to: .promised, cause: OrderFact.refundOpened(refund.refund).key))
            guard refund.isSettled else { continue }
            entries.append(
                MoneyEntry(
                    payment: to, amount: amount, from: .promised, to: .buyer, cause: OrderFact.refundSettled(refund.refund.number).key))
        }
        for refund in outsideRefunds where payment(refund.payment) != nil {
            entries.append(
                MoneyEntry(
                    payment: refund.payment, amount: refund.amount, from: .gateway, to: .buyer,
                    cause: OrderFact.refundedElsewhere(refund).key))
        }
        return entries
    }
}

extension Writing {
    /// Writes down what the facts have moved and the books do not show yet.
    ///
    /// - Throws: `.contradiction` for a transaction that pays another order.
    func bookMoney(_ book: OrderBook) throws(StoreError) {
        guard let row = book.row, !book.state.payments.isEmpty else { return }
        let now = desk.surroundings.time.now()
        for entry in book.state.moneyEntries {
            try perform { db in
                try db.run(
                    """
                    INSERT OR IGNORE INTO money_entry (subject, gateway, txn, currency, amount, from_account, to_account, cause, at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
                ) { parameters in
                    parameters.set(1, row)
                    parameters.set(2, entry.payment.gateway)
                    parameters.set(3, entry.payment.transaction)
                    parameters.set(4, entry.amount.currency.code)
                    parameters.set(5, entry.amount.amount)
                    parameters.set(6, entry.from.rawValue)
                    parameters.set(7, entry.to.rawValue)
                    parameters.set(8, entry.cause)
                    parameters.set(9, now.milliseconds)
                }
            }
            guard try perform({ db in db.changesCount }) > 0 else { continue }
            try carry(entry, row, book.number)
        }
    }

    private func carry(_ entry: MoneyEntry, _ row: Int64, _ number: String) throws(StoreError) {
        if entry.from == .buyer {
            let other = try perform { db in
                try db.first(
                    "SELECT number FROM payment JOIN order_head ON num = subject WHERE gateway = ? AND txn = ? AND subject <> ?"
                ) { parameters in
                    parameters.set(1, entry.payment.gateway)
                    parameters.set(2, entry.payment.transaction)
                    parameters.set(3, row)
                } _: { try $0.text(0) }
            }
            if let other { throw .contradiction("payment \(entry.payment) paid order \(other); it cannot pay \(number) as well") }
            return try perform { db in
                try db.run("INSERT INTO payment (gateway, txn, subject, currency, captured) VALUES (?, ?, ?, ?, ?)") { parameters in
                    parameters.set(1, entry.payment.gateway)
                    parameters.set(2, entry.payment.transaction)
                    parameters.set(3, row)
                    parameters.set(4, entry.amount.currency.code)
                    parameters.set(5, entry.amount.amount)
                }
            }
        }
        let statement =
            switch (entry.from, entry.to) {
            case (_, .promised): "UPDATE payment SET promised = promised + ?3 WHERE gateway = ?1 AND txn = ?2"
            case (.gateway, _): "UPDATE payment SET refunded = refunded + ?3 WHERE gateway = ?1 AND txn = ?2"
            default: "UPDATE payment SET promised = promised - ?3, refunded = refunded + ?3 WHERE gateway = ?1 AND txn = ?2"
            }
        try perform { db in
            try db.run(statement) { parameters in
                parameters.set(1, entry.payment.gateway)
                parameters.set(2, entry.payment.transaction)
                parameters.set(3, entry.amount.amount)
            }
        }
    }

    /// Brings coupons, points and quotas in line with what the order's facts say.
    func followEntitlements(_ book: OrderBook) throws(StoreError) {
        guard book.state.placed != nil, !book.isChannels else { return }
        let target = book.state.entitlements
        let isOver = book.state.phase == .cancelled || book.state.phase == .closed
        let quota: EntitlementState = isOver ? .returned : book.state.money?.isPaid == true ? .claimed : .held
        try settleEntitlements(owner: book.owner, as: target, quota: quota)
    }
}
