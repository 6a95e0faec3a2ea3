/// What has become of an order: all that ``OrderFold`` makes of its facts.
package struct OrderState: Hashable, Sendable {
    /// Nil while facts about it came before it.
    package internal(set) var placed: PlacedOrder?
    package internal(set) var placedAt: Timestamp?
    package internal(set) var phase = OrderPhase.expected
    package internal(set) var lines: [OrderLineState] = []
    /// Nil while the order is not known.
    package internal(set) var money: OrderMoney?
    package internal(set) var repricings = 0
    /// In the order of their numbers.
    package internal(set) var cancellations: [CancellationState] = []
    package internal(set) var attempts: [AttemptState] = []
    /// The earliest first.
    package internal(set) var payments: [PaymentState] = []
    package internal(set) var parcels: [ParcelState] = []
    package internal(set) var refunds: [RefundState] = []
    /// What went back by nobody's order here, disputes that were lost among it.
    package internal(set) var outsideRefunds: [OutsideRefund] = []
    /// Each at its latest stage.
    package internal(set) var disputes: [OrderDispute] = []
    /// In the order of their names.
    package internal(set) var afterSales: [AfterSaleState] = []
    package internal(set) var remarks: [String] = []
    package internal(set) var invoiced: Int64 = 0
    package internal(set) var receivedAt: Timestamp?
    package internal(set) var completedAt: Timestamp?
    package internal(set) var isPickedUp = false
    /// Every fact once, the earliest first: what an order's history shows.
    package internal(set) var timeline: [RecordedFact] = []
    package internal(set) var problems: [OrderProblem] = []

    /// Ended by somebody, and not taken back.
    package var isCancelled: Bool { cancellations.contains { !$0.isReinstated } }
    /// Attempts of which nobody knows whether they were paid; a hold of such an order is never given back.
    package var inDoubt: [PaymentAttempt] { attempts.filter { $0.end == .unknown }.map(\.attempt) }

    package func line(_ number: Int) -> OrderLineState? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }

    package func afterSale(_ id: EntityID) -> AfterSaleState? { afterSales.first { $0.id == id } }
    package func refund(_ number: EntityID) -> RefundState? { refunds.first { $0.refund.number == number } }
    package func payment(_ ref: PaymentRef) -> PaymentState? { payments.first { $0.payment.ref == ref } }
}

/// A line and what has become of its pieces and its money.
package struct OrderLineState: Hashable, Sendable {
    package let line: OrderLine
    package internal(set) var shipped: Int64 = 0
    package internal(set) var delivered: Int64 = 0
    /// Called off before they were sent: the only pieces whose stock a refund sets free by itself.
    package internal(set) var calledOff: Int64 = 0
    /// Asked to be called off and not answered yet; not to be sent meanwhile.
    package internal(set) var withheld: Int64 = 0
    /// Pieces and money promised back.
    package internal(set) var openedPieces: Int64 = 0
    package internal(set) var opened: Int64 = 0
    package internal(set) var refunded: Int64 = 0
    /// Came back, by what became of them.
    package internal(set) var returned: [ReturnedGoods] = []

    /// Still to be sent.
    package var outstanding: Int64 { line.isSent ? max(0, line.quantity - shipped - calledOff) : 0 }
    /// What of its price was promised to nobody.
    package var left: Int64 { max(0, line.payable - opened) }

    /// What so many further pieces are worth to their buyer: the stored share of those after the ones given back already,
    /// and never more than is left.
    package func worth(of pieces: Int64, withFreight: Bool) -> Int64 {
        let before = min(openedPieces, line.quantity)
        let counted = max(0, min(pieces, line.quantity - before))
        let share = line.priced.paid(for: counted, before: before, withFreight: withFreight)
        return min(share, left)
    }
}

package struct CancellationState: Hashable, Sendable {
    package let cancellation: Cancellation
    package let at: Timestamp
    package internal(set) var isReinstated = false
}

package struct AttemptState: Hashable, Sendable {
    package enum End: Sendable { case unknown, closed, paid }

    package let attempt: PaymentAttempt
    package let at: Timestamp
    package internal(set) var end = End.unknown
}
