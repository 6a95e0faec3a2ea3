/// A payment that a buyer was sent to make: until it is closed or paid nobody knows its end.
package struct PaymentAttempt: Hashable, Sendable {
    package let id: EntityID
    package let gateway: String
    package let amount: Money
    package let terms: PaymentTerms

    package init(id: EntityID, gateway: String, amount: Money, terms: PaymentTerms = PaymentTerms()) {
        self.id = id
        self.gateway = gateway
        self.amount = amount
        self.terms = terms
    }
}

/// Names one transaction at one gateway, for ever.
package struct PaymentRef: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Without a slash, so that no two pairs are written alike.
    package let gateway: String
    package let transaction: String

    package init(gateway: String, transaction: String) {
        self.gateway = gateway
        self.transaction = transaction
    }

    package var description: String { "\(gateway)/\(transaction)" }
    package static func < (left: PaymentRef, right: PaymentRef) -> Bool {
        ByteOrder.precedes(left.description, right.description)
    }
}

/// Money that came in, as its gateway says.
package struct Payment: Hashable, Sendable {
    package let ref: PaymentRef
    /// Which attempt it answers, where the gateway says so.
    package let attempt: EntityID?
    package let amount: Money

    package init(ref: PaymentRef, attempt: EntityID? = nil, amount: Money) {
        self.ref = ref
        self.attempt = attempt
        self.amount = amount
    }
}

/// Who ended an order before it was sent, and why.
package struct Cancellation: Hashable, Sendable {
    package enum Author: String, CaseIterable, Sendable { case buyer, `operator`, timeout, channel }

    /// From 1 on; the same again is the same cancellation.
    package let number: Int
    package let author: Author
    package let reason: String

    package init(number: Int, by author: Author, reason: String) {
        self.number = number
        self.author = author
        self.reason = reason
    }
}

/// Other shares for the same lines, agreed before anything was paid.
package struct Repricing: Hashable, Sendable {
    /// From 1 on; the highest counts.
    package let number: Int
    package let lines: [PricedLine]
    package let reason: String

    package init(number: Int, lines: [PricedLine], reason: String) {
        self.number = number
        self.lines = lines
        self.reason = reason
    }
}
