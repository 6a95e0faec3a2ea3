/// What has become of one after-sale case.
package struct AfterSaleState: Hashable, Sendable {
    package let id: EntityID
    package internal(set) var phase = AfterSalePhase.expected
    /// Nil while what was asked is not known.
    package internal(set) var claim: AfterSaleClaim?
    package internal(set) var askedAt: Timestamp?
    /// What is on the table: what an arbiter said, else the latest offer, else what was asked.
    package internal(set) var terms: [LineShare] = []
    /// Answers so far; the next has one more.
    package internal(set) var answers = 0
    /// When the phase it is in was reached, as far as deadlines are counted from it.
    package internal(set) var since: Timestamp?
    package internal(set) var isSent = false
    /// Nil until somebody looked at what came back.
    package internal(set) var takenAt: Timestamp?
    package internal(set) var goodsBack: [ReturnedGoods] = []
    package internal(set) var warehouse: WarehouseID?
    package internal(set) var isReshipped = false
    package internal(set) var refunds: [RefundState] = []
    /// Agreed on, or decided by an arbiter for the buyer.
    package internal(set) var isGranted = false

    package var isOpen: Bool { phase.isOpen }
    /// What it promises, in minor units.
    package var granted: Int64 { isGranted && claim?.kind.givesMoneyBack == true ? terms.reduce(0) { $0 + $1.amount } : 0 }
    package var opened: Int64 { refunds.reduce(0) { $0 + $1.refund.amount.amount } }
    package var refunded: Int64 { refunds.reduce(0) { $0 + ($1.isSettled ? $1.refund.amount.amount : 0) } }
    /// What is to be promised to a payment now: nothing before the goods are back, where they are to come.
    package var owed: Int64 { phase == .refunding ? max(0, granted - opened) : 0 }
}
