/// What came in for an order, what went back, and what is still to move; minor units of the order's currency.
package struct OrderMoney: Hashable, Sendable {
    package let currency: Currency
    /// What the order costs.
    package let total: Int64
    /// All that came in.
    package let captured: Int64
    /// All that was promised back, settled or not.
    package let opened: Int64
    /// What of it was promised for lines of the order.
    package let openedOnLines: Int64
    /// What certainly went back.
    package let refunded: Int64
    package let isCancelled: Bool
    /// Money in another currency, all of which is owed back to where it came from.
    package let foreign: [PaymentState]

    /// What the order may keep: its price less what was given back for its lines; nothing when it is cancelled.
    package var due: Int64 { isCancelled ? 0 : max(0, total - openedOnLines) }
    /// What is still to be paid.
    ///
    /// Where more went back than came in, as when somebody refunds by hand what is promised here already, the buyer
    /// owes none of the difference.
    package var missing: Int64 { isCancelled ? 0 : max(0, due - max(0, captured - opened)) }
    /// What came in too much and is promised to nobody yet.
    ///
    /// Less than captured − opened − total would say it: what went back for lines no longer counts as price.
    package var owedBack: Int64 { max(0, captured - opened - due) }
    package var isPaid: Bool { !isCancelled && missing == 0 }
}

/// A payment and what was promised back to it.
package struct PaymentState: Hashable, Sendable {
    package let payment: Payment
    package let at: Timestamp
    package internal(set) var opened: Int64 = 0
    package internal(set) var refunded: Int64 = 0

    /// What can still be promised back to it.
    package var left: Int64 { max(0, payment.amount.amount - opened) }
}
