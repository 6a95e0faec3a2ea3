/// Something a bill and our books do not agree on.
package struct BillDifference: Hashable, Sendable {
    package enum Class: String, CaseIterable, Sendable {
        /// The bill lists what we do not know.
        case missingHere = "missing-here"
        /// We have what no bill lists.
        case missingThere = "missing-there"
        case amount
        /// Over at one end and not at the other.
        case state
        /// One movement listed twice, on a bill or on two days'.
        case duplicate
        /// Another fee than the account's rate makes.
        case fee
        case currency
        /// The bill's number is of another order than we booked.
        case otherOrder = "other-order"
        /// The bill's own sums are not those of its lines.
        case totals
    }

    package let kind: Class
    package let movement: BillMovement
    package let order: String?
    /// What is at stake; without a sign.
    package let amount: Money?
    /// What our books say; null for nothing.
    package let here: JSON
    /// What the bill says; null for nothing.
    package let there: JSON
    package let repair: BillRepair
    /// It does not count yet: another day's bill, or word that is under way, may still explain it.
    package let isPending: Bool

    package init(
        _ kind: Class, _ movement: BillMovement, order: String?, amount: Money?, here: JSON, there: JSON, repair: BillRepair,
        isPending: Bool = false
    ) {
        self.kind = kind
        self.movement = movement
        self.order = order
        self.amount = amount
        self.here = here
        self.there = there
        self.repair = repair
        self.isPending = isPending
    }
}

/// What can be done about a difference.
package enum BillRepair: Hashable, Sendable {
    /// Ask the gateway after the attempt, and tell the order it was paid when it says so too.
    case learnPayment(order: String, attempt: EntityID)
    /// Tell the order that the refund is through, as the bill says.
    case learnRefund(order: String, refund: EntityID)
    /// Ask the gateway what became of an attempt.
    case ask(order: String, attempt: EntityID)
    /// Ask the gateway what became of a refund.
    case askRefund(order: String, refund: EntityID)
    /// Only a person can: why.
    case person(String)

    package var isForPerson: Bool { if case .person = self { true } else { false } }

    /// What is to be done, for people.
    package var words: String {
        switch self {
        case .learnPayment(let order, _): "--repair asks the gateway and books the payment of order \(order)"
        case .learnRefund(let order, _): "--repair books the refund of order \(order) as through"
        case .ask(let order, _): "--repair asks the gateway what became of the payment of order \(order)"
        case .askRefund(let order, _): "--repair asks the gateway what became of the refund of order \(order)"
        case .person(let reason): reason
        }
    }

    package var json: JSON {
        switch self {
        case .learnPayment(let order, let id): ["do": "learn-payment", "order": .string(order), "part": .string(id.text)]
        case .learnRefund(let order, let id): ["do": "learn-refund", "order": .string(order), "part": .string(id.text)]
        case .ask(let order, let id): ["do": "ask", "order": .string(order), "part": .string(id.text)]
        case .askRefund(let order, let id): ["do": "ask-refund", "order": .string(order), "part": .string(id.text)]
        case .person(let reason): ["do": "person", "reason": .string(reason)]
        }
    }

    /// Reads what ``json`` wrote; nil for anything else.
    package init?(_ value: JSON) {
        let (order, part) = (value["order"]?.string, value["part"]?.string.flatMap { EntityID($0) })
        switch (value["do"]?.string, order, part) {
        case ("person", _, _): self = .person(value["reason"]?.string ?? "")
        case ("learn-payment", let order?, let part?): self = .learnPayment(order: order, attempt: part)
        case ("learn-refund", let order?, let part?): self = .learnRefund(order: order, refund: part)
        case ("ask", let order?, let part?): self = .ask(order: order, attempt: part)
        case ("ask-refund", let order?, let part?): self = .askRefund(order: order, refund: part)
        default: return nil
        }
    }
}
