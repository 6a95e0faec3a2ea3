/// The statement of one day, as the gateway keeps it.
package struct Bill: Hashable, Sendable {
    package let lines: [BillLine]
    /// What the statement itself says its lines add up to, where it does; told apart by currency.
    package let totals: [BillTotal]

    package init(lines: [BillLine], totals: [BillTotal] = []) {
        self.lines = lines
        self.totals = totals
    }
}

package struct BillTotal: Hashable, Sendable {
    package let kind: BillLine.Kind
    package let count: Int64?
    package let amount: Money

    package init(kind: BillLine.Kind, count: Int64?, amount: Money) {
        self.kind = kind
        self.count = count
        self.amount = amount
    }
}

/// One movement on a statement.
package struct BillLine: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case payment, refund, dispute, other }

    package let kind: Kind
    /// The gateway's number of the payment it belongs to.
    package let transaction: String
    /// Ours of the attempt or the refund; nil where the gateway does not say.
    package let number: String?
    /// The gateway's own number of the refund.
    package let reference: String?
    /// Without a sign: `kind` says which way.
    package let amount: Money
    /// What the gateway keeps for itself, in minor units of the same currency; negative where it gives some back.
    package let fee: Int64
    package let at: Timestamp
    /// Whether it has happened; a refund may be under way on the day of its bill.
    package let isFinal: Bool

    package init(
        kind: Kind, transaction: String, number: String?, reference: String? = nil, amount: Money, fee: Int64, at: Timestamp,
        isFinal: Bool = true
    ) {
        self.kind = kind
        self.transaction = transaction
        self.number = number
        self.reference = reference
        self.amount = amount
        self.fee = fee
        self.at = at
        self.isFinal = isFinal
    }
}
