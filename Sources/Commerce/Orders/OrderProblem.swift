/// Something in an order's facts that a person should look at; the fold carries on without it.
package enum OrderProblem: Hashable, Sendable, CustomStringConvertible {
    /// Two different things were told under one key.
    case contradiction(key: String)
    /// A fact speaks of another that nobody has told.
    case waits(key: String, for: String)
    case noSuchLine(key: String, line: Int)
    case shippedTooMany(line: Int, pieces: Int64, ordered: Int64)
    case shippedUnpaid
    case shippedAlthoughCancelled
    case otherCurrency(PaymentRef, Money)
    /// A payment of another amount than its attempt was opened for.
    case otherAmount(PaymentRef, paid: Int64, opened: Int64)
    case refundedTooMuch(payment: PaymentRef, opened: Int64, captured: Int64)
    case refundedTooMuchForLine(Int, opened: Int64, payable: Int64)
    /// Money of an order went back by nobody's order here.
    case refundedElsewhere(PaymentRef, reference: String, Money)
    /// A payer asks his bank for the money, or his bank has taken it.
    case disputed(PaymentRef, id: String, OrderDispute.Stage, Money)
    /// A reinstated order that somebody other than the timer had cancelled.
    case resurrected(cancellation: Int)

    package var description: String {
        switch self {
        case .contradiction(let key): "\"\(key)\" was told in two ways; the earlier one counts, compare both"
        case .waits(let key, let other): "\"\(key)\" speaks of \"\(other)\", which nobody has told; ask its author"
        case .noSuchLine(let key, let line): "\"\(key)\" is about line \(line), which was not ordered"
        case .shippedTooMany(let line, let pieces, let ordered):
            "line \(line): \(pieces) pieces were sent or called off, \(ordered) were ordered; stop a parcel"
        case .shippedUnpaid: "goods left before they were paid"
        case .shippedAlthoughCancelled: "goods left although the order is cancelled; call the parcel back"
        case .otherCurrency(let ref, let money): "payment \(ref) is \(money), not in the order's currency; it is owed back"
        case .otherAmount(let ref, let paid, let opened): "payment \(ref) is of \(paid) minor units, \(opened) were asked for"
        case .refundedTooMuch(let ref, let opened, let captured):
            "refunds of \(opened) minor units go to payment \(ref), which was only \(captured)"
        case .refundedTooMuchForLine(let line, let opened, let payable):
            "line \(line): refunds of \(opened) minor units, \(payable) were paid for it"
        case .refundedElsewhere(let ref, let reference, let money):
            "\(money) of payment \(ref) went back at the gateway as \(reference), by nobody's order here; ask who did it"
        case .disputed(let ref, let id, .lost, let money): "the payer's bank took \(money) of payment \(ref) back, dispute \(id)"
        case .disputed(let ref, let id, _, let money):
            "the payer asks his bank for \(money) of payment \(ref), dispute \(id); answer it at the gateway before its time is over"
        case .resurrected(let number): "cancellation \(number) was no timeout, and was taken back all the same"
        }
    }
}
