/// Why units move from one account to another.
///
/// Each kind may take only the ways listed for it; the table of `docs/stock.md` is compared
/// with ``ways``, so the ledger never holds a movement nobody has thought of.
package enum StockEntryKind: String, CaseIterable, Sendable {
    /// Goods came from a supplier; a debt is paid before the pool grows.
    case receive
    /// The shelf was counted, and holds more or less than the book.
    case count
    /// A person put the book right and said why.
    case adjust
    /// The safety stock was set anew.
    case protect
    /// Goods left for another warehouse, reached it, or were lost on the way.
    case transfer
    /// A channel got, or gave back, the right to sell.
    case grant
    /// Held for an order.
    case hold
    /// Given back before it was paid: cancelled, or the time was over.
    case release
    /// Paid for.
    case claim
    /// A channel sold under its rights, or beyond them.
    case sell
    /// A paid order, or a line of it, was cancelled before it left.
    case unsell
    /// Left the house for the buyer.
    case ship
    /// Came back from the buyer, and somebody decided what it is worth.
    case takeBack = "return"

    /// The audit wrote down what a balance had shown, and took it back.
    case repair

    /// The ways this kind may take, as account to account.
    ///
    /// Whatever brings units to the pool may pay a debt instead: a debt is paid before the pool grows.
    package var ways: [StockWay] {
        switch self {
        case .receive: [.init(.outside, .pool), .init(.outside, .backorder)]
        case .count:
            [
                .init(.outside, .pool), .init(.outside, .backorder), .init(.pool, .outside), .init(.safety, .outside),
                .init(.backorder, .outside), .init(.outside, .damaged), .init(.damaged, .outside),
            ]
        case .adjust:
            [
                .init(.outside, .pool), .init(.outside, .backorder), .init(.pool, .outside), .init(.pool, .damaged),
                .init(.damaged, .pool), .init(.damaged, .backorder), .init(.damaged, .outside), .init(.outside, .damaged),
            ]
        case .protect: [.init(.pool, .safety), .init(.safety, .pool), .init(.safety, .backorder)]
        case .transfer: [.init(.pool, .transit), .init(.transit, .pool), .init(.transit, .backorder), .init(.transit, .outside)]
        case .grant: [.init(.pool, .right), .init(.right, .pool), .init(.right, .backorder)]
        case .hold: [.init(.pool, .reserved), .init(.backorder, .reserved)]
        case .release: [.init(.reserved, .pool), .init(.reserved, .backorder)]
        case .claim: [.init(.reserved, .sold)]
        case .sell: [.init(.right, .sold), .init(.pool, .sold), .init(.safety, .sold), .init(.backorder, .sold)]
        case .unsell: [.init(.sold, .pool), .init(.sold, .right), .init(.sold, .backorder)]
        case .ship: [.init(.sold, .outside)]
        case .takeBack: [.init(.outside, .pool), .init(.outside, .damaged), .init(.outside, .backorder)]
        case .repair:
            StockAccount.Family.allCases.filter { $0 != .outside }.flatMap { [.init(.outside, $0), .init($0, .outside)] }
        }
    }

    package func allows(from: StockAccount, to: StockAccount) -> Bool {
        ways.contains(StockWay(from.family, to.family))
    }
}

/// One way units can take: from an account to another, whichever channel's a right is.
package struct StockWay: Hashable, Sendable, CustomStringConvertible {
    let from: StockAccount.Family
    let to: StockAccount.Family

    init(_ from: StockAccount.Family, _ to: StockAccount.Family) {
        self.from = from
        self.to = to
    }

    /// `pool → reserved`, as the documents write it.
    package var description: String { "\(from.rawValue) → \(to.rawValue)" }
}
