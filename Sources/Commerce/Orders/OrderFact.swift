/// Something that happened to an order; said once or a hundred times, it happened once.
///
/// The list is closed: whatever becomes of an order is a function of the set of these, see ``OrderFold``.
package enum OrderFact: Hashable, Sendable {
    case placed(PlacedOrder)
    case repriced(Repricing)
    case paymentOpened(PaymentAttempt)
    /// Its gateway confirmed that it can no longer be paid.
    case paymentClosed(EntityID)
    case paid(Payment)
    case cancelled(Cancellation)
    /// The stock of an order that had timed out is held again for money that came late.
    case reinstated(cancellation: Int)
    case shipped(Parcel)
    case delivered(parcel: EntityID)
    case pickedUp
    case received(by: Receiver)
    case completed
    case refundOpened(Refund)
    case refundSettled(EntityID)
    case refundRefused(EntityID, attempt: Int, reason: String)
    case refundedElsewhere(OutsideRefund)
    case disputed(OrderDispute)
    case afterSale(EntityID, AfterSaleFact)
    case remarked(EntityID, text: String)
    case invoiced(EntityID, title: String, amount: Int64)

    /// Who says that the goods are there.
    package enum Receiver: String, CaseIterable, Sendable { case buyer, timer, channel }

    /// What is stored beside a fact, and what the state charts call it.
    package enum Kind: String, CaseIterable, Sendable, Comparable {
        case placed, repriced
        case paymentOpened = "payment-opened"
        case paymentClosed = "payment-closed"
        case paid, cancelled, reinstated, shipped, delivered
        case pickedUp = "picked-up"
        case received, completed
        case refundOpened = "refund-opened"
        case refundSettled = "refund-settled"
        case refundRefused = "refund-refused"
        case refundedElsewhere = "refunded-elsewhere"
        case disputed
        case afterSale = "after-sale"
        case remarked, invoiced

        package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }
}

extension OrderFact {
    package var kind: Kind {
        switch self {
        case .placed: .placed
        case .repriced: .repriced
        case .paymentOpened: .paymentOpened
        case .paymentClosed: .paymentClosed
        case .paid: .paid
        case .cancelled: .cancelled
        case .reinstated: .reinstated
        case .shipped: .shipped
        case .delivered: .delivered
        case .pickedUp: .pickedUp
        case .received: .received
        case .completed: .completed
        case .refundOpened: .refundOpened
        case .refundSettled: .refundSettled
        case .refundRefused: .refundRefused
        case .refundedElsewhere: .refundedElsewhere
        case .disputed: .disputed
        case .afterSale: .afterSale
        case .remarked: .remarked
        case .invoiced: .invoiced
        }
    }

    /// What makes it the same fact when it is told again; unique within its order.
    package var key: String {
        switch self {
        case .placed: "placed"
        case .repriced(let repricing): "repriced:\(repricing.number)"
        case .paymentOpened(let attempt): "pay:\(attempt.id)"
        case .paymentClosed(let attempt): "pay:\(attempt)/closed"
        case .paid(let payment): "paid:\(payment.ref)"
        case .cancelled(let cancellation): "cancelled:\(cancellation.number)"
        case .reinstated(let number): "reinstated:\(number)"
        case .shipped(let parcel): "parcel:\(parcel.id)"
        case .delivered(let parcel): "parcel:\(parcel)/delivered"
        case .pickedUp: "picked-up"
        case .received: "received"
        case .completed: "completed"
        case .refundOpened(let refund): "refund:\(refund.number)"
        case .refundSettled(let number): "refund:\(number)/settled"
        case .refundRefused(let number, let attempt, _): "refund:\(number)/refused:\(attempt)"
        case .refundedElsewhere(let refund): "elsewhere:\(refund.payment.gateway)/\(refund.reference)"
        case .disputed(let dispute): "dispute:\(dispute.payment.gateway)/\(dispute.id)/\(dispute.stage.rawValue)"
        case .afterSale(let id, let fact): "as:\(id)/\(fact.key)"
        case .remarked(let id, _): "remark:\(id)"
        case .invoiced(let id, _, _): "invoice:\(id)"
        }
    }
}

/// A fact, when it happened and who says so.
package struct RecordedFact: Hashable, Sendable {
    package let fact: OrderFact
    /// When it happened as its author says, not when it was heard: told again, it is the same.
    package let at: Timestamp
    package let author: String

    package init(_ fact: OrderFact, at: Timestamp, by author: String) {
        self.fact = fact
        self.at = at
        self.author = author
    }
}
