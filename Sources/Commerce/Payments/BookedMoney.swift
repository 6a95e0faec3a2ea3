/// A payment as our books have it.
package struct BookedPayment: Hashable, Sendable {
    package let order: String
    package let payment: Payment
    /// When it was paid, as far as we were told.
    package let at: Timestamp
    /// When the books took it.
    package let bookedAt: Timestamp

    package init(order: String, payment: Payment, at: Timestamp, bookedAt: Timestamp) {
        self.order = order
        self.payment = payment
        self.at = at
        self.bookedAt = bookedAt
    }

    package var json: JSON {
        .members([
            ("order", .string(order)), ("transaction", .string(payment.ref.transaction)),
            ("attempt", payment.attempt.map { .string($0.text) }), ("amount", payment.amount.members), ("at", .integer(at.milliseconds)),
        ])
    }
}

/// A refund as our books have it.
package struct BookedRefund: Hashable, Sendable {
    package let number: GatewayNumber
    package let transaction: String
    package let amount: Money
    package let openedAt: Timestamp
    /// When it was settled and when the books took that; nil while it is under way.
    package let settled: Settled?

    package struct Settled: Hashable, Sendable {
        package let at: Timestamp
        package let bookedAt: Timestamp

        package init(at: Timestamp, bookedAt: Timestamp) {
            self.at = at
            self.bookedAt = bookedAt
        }
    }

    package init(number: GatewayNumber, transaction: String, amount: Money, openedAt: Timestamp, settled: Settled?) {
        self.number = number
        self.transaction = transaction
        self.amount = amount
        self.openedAt = openedAt
        self.settled = settled
    }

    package var json: JSON {
        .members([
            ("order", .string(number.order)), ("refund", .string(number.part.text)), ("transaction", .string(transaction)),
            ("amount", amount.members), ("settled", .bool(settled != nil)), ("at", .integer((settled?.at ?? openedAt).milliseconds)),
        ])
    }
}

/// Which days' bills are known.
package struct BillCoverage: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        case come
        /// It is looked for, or will be.
        case awaited
        /// Nobody ever looks for it: it lies before the account was first seen, or in a gap longer than the look-back.
        case outside
    }

    private let come: Set<CalendarDay>
    private let awaited: Set<CalendarDay>
    private let latest: CalendarDay?

    package init(come: Set<CalendarDay>, awaited: Set<CalendarDay>) {
        self.come = come
        self.awaited = awaited
        latest = come.union(awaited).max()
    }

    package subscript(day: CalendarDay) -> Standing {
        if come.contains(day) { return .come }
        if awaited.contains(day) { return .awaited }
        guard let latest else { return .awaited }
        return day > latest ? .awaited : .outside
    }

    /// What can be said of something that may be on the bill of any of these days.
    func standing(_ days: ClosedRange<Int>) -> Standing {
        var worst = Standing.come
        for number in days {
            switch self[CalendarDay(number: number)] {
            case .awaited: return .awaited
            case .outside: worst = .outside
            case .come: break
            }
        }
        return worst
    }
}
