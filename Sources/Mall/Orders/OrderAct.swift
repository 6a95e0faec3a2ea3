package import Commerce

/// Something a person, or a system for them, does to an order.
package enum OrderAct: Hashable, Sendable {
    /// Goods leave; no lines for all that is still to be sent, no warehouse for the one they are held in.
    case ship(carrier: String, tracking: String, warehouse: WarehouseID?, lines: [LinePieces])
    case deliver(parcel: EntityID)
    /// Hands the goods over to whoever knows the code.
    case handOver(code: String)
    case receive
    case complete
    case remark(String)
    case invoice(title: String, amount: Int64)
    case reprice([PricedLine], reason: String)
    /// Money for a line as a sign of good will; the goods stay where they are.
    case goodwill(LineShare)
    /// An operator has taken money by hand: cash, a transfer.
    case takeMoney(Payment)
    case ask(AfterSaleKind, [ClaimedLine], reason: String, evidence: [String])
    case answer(EntityID, AfterSaleAnswer.Word)
    case sendBack(EntityID, carrier: String, tracking: String)
    case takeBack(EntityID, [ReturnedGoods], WarehouseID)
    case sendAgain(EntityID, carrier: String, tracking: String)
    case complain(EntityID, reason: String)
    case arbitrate(EntityID, Ruling)
    case withdraw(EntityID)
}

/// Pieces of a line that something is asked for about.
package struct ClaimedLine: Hashable, Sendable {
    package let line: Int
    package let pieces: Int64
    /// Minor units; nil for what the pieces were paid with, where money is to go back at all.
    package let amount: Int64?

    package init(line: Int, pieces: Int64, amount: Int64? = nil) {
        self.line = line
        self.pieces = pieces
        self.amount = amount
    }
}

/// Who acts: each side may do what is its own.
package enum OrderSide: String, Sendable, CaseIterable {
    case buyer, seller

    var answers: AfterSaleAnswer.Side { self == .buyer ? .buyer : .seller }
    var receives: OrderFact.Receiver { self == .buyer ? .buyer : .channel }
}

extension OrderAct {
    /// Whose it is to do; nil for either.
    package var side: OrderSide? {
        switch self {
        case .ship, .deliver, .handOver, .complete, .invoice, .reprice, .goodwill, .takeMoney, .takeBack, .sendAgain, .arbitrate: .seller
        case .sendBack, .complain, .withdraw: .buyer
        case .receive, .remark, .ask, .answer: nil
        }
    }
}
