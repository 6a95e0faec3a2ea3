/// Why something cannot be done to an order now: an answer to whoever asked, not a fault.
package enum OrderRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The order is not known, or known already.
    case notPlaced
    case alreadyPlaced
    case wrongPhase(OrderPhase, wanted: String)
    /// The number under which it was to be written is not the next one.
    case outOfTurn(next: Int)
    /// Somebody may be paying right now; ask the gateway, close the attempt there, and try again.
    case paymentInDoubt(attempt: EntityID)
    case amount(Int64, wanted: String)
    case currency(Money, wanted: Currency)
    case unknown(String)
    case noSuchLine(Int)
    case pieces(line: Int, wanted: Int64, there: Int64)
    /// Less of the line's price is left than is to go back.
    case lineBound(line: Int, wanted: Int64, left: Int64)
    case paymentBound(PaymentRef, wanted: Int64, left: Int64)
    case notForPickUp
    case onlyPickUp
    case notReinstated(String)
    case afterSaleOpen(EntityID)
    case afterSale(AfterSalePhase, wanted: String)
    case otherGoods
    /// What is asked for was to be asked for earlier.
    case tooLate(since: Timestamp)
    case wrongCode
    /// So much has happened to it that the rest is kept for money and goods.
    case tooMuch(facts: Int64)

    package var description: String {
        switch self {
        case .notPlaced: "nobody has placed this order"
        case .alreadyPlaced: "the order was placed already"
        case .wrongPhase(let phase, let wanted): "the order is \(phase.rawValue); \(wanted)"
        case .outOfTurn(let next): "somebody was quicker: the next number is \(next); read the order again"
        case .paymentInDoubt(let attempt):
            "payment attempt \(attempt) may be paid right now; close it at its gateway first, or wait for its end"
        case .amount(let amount, let wanted): "\(amount) minor units; \(wanted)"
        case .currency(let money, let wanted): "\(money) is not in \(wanted)"
        case .unknown(let what): "there is no \(what) in this order"
        case .noSuchLine(let line): "line \(line) was not ordered"
        case .pieces(let line, let wanted, let there): "line \(line): \(wanted) pieces were asked for, \(there) are there"
        case .lineBound(let line, let wanted, let left):
            "line \(line): \(wanted) minor units are to go back, \(left) are left of what was paid for it"
        case .paymentBound(let ref, let wanted, let left):
            "\(wanted) minor units are to go back to \(ref), \(left) are left of it"
        case .notForPickUp: "the order is sent, not fetched"
        case .onlyPickUp: "the order is fetched, not sent"
        case .notReinstated(let reason): "a cancelled order stays cancelled: \(reason)"
        case .afterSaleOpen(let id): "after-sale case \(id) is still open"
        case .afterSale(let phase, let wanted): "the case is \(phase.rawValue); \(wanted)"
        case .tooLate: "the time for it is over; ask the seller"
        case .wrongCode: "the code is not this order's; ask the buyer to show it again"
        case .tooMuch(let facts): "\(facts) things have happened to it, and no more is taken from its buyer; ask the seller"
        case .otherGoods: "a repricing is about the same lines in the same numbers"
        }
    }
}
