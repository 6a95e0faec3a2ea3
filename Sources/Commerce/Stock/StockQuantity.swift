/// Bounds of a number of units.
package enum StockQuantity {
    /// What one account may hold; sums of all accounts stay within 53 bits, which any peer reads exactly.
    package static let max: Int64 = 1_000_000_000_000
    /// The most one movement or one order line may be about.
    package static let movedMax: Int64 = 1_000_000_000

    /// Checks a number of units that somebody asks for.
    ///
    /// - Throws: ``ValidationFailure`` for zero, less, or more than ``movedMax``.
    package static func check(_ quantity: Int64, field: String = "quantity") throws(ValidationFailure) {
        guard (1...movedMax).contains(quantity) else {
            throw ValidationFailure(field: field, reason: "must be a whole number from 1 to \(movedMax), got \(quantity)")
        }
    }
}

/// An account does not hold what was to be taken from it.
package struct StockShortfall: Error, Hashable, Sendable, CustomStringConvertible {
    package let account: StockAccount
    package let wanted: Int64
    package let there: Int64

    package init(account: StockAccount, wanted: Int64, there: Int64) {
        self.account = account
        self.wanted = wanted
        self.there = there
    }

    package var description: String { "\(account) holds \(there), \(wanted) were wanted" }
}

/// So many units, from one account to another.
package struct StockStep: Hashable, Sendable, CustomStringConvertible {
    package let from: StockAccount
    package let to: StockAccount
    package let quantity: Int64

    package init(_ from: StockAccount, _ to: StockAccount, _ quantity: Int64) {
        self.from = from
        self.to = to
        self.quantity = quantity
    }

    package var description: String { "\(quantity) \(from) → \(to)" }
}
