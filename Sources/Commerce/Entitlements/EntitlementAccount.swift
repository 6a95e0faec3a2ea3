/// What a coupon, points, or a promotion's quota may be used up as.
package enum EntitlementKind: String, CaseIterable, Sendable {
    /// One coupon; used once.
    case coupon
    /// A member's points; their id is the member's.
    case points
    /// How many orders may have a promotion.
    case quota
}

/// Where units of an entitlement are.
package enum EntitlementAccount: String, CaseIterable, Sendable {
    /// Whoever gives them out; unbounded.
    case outside
    case available
    /// Set aside for an order that is not paid yet.
    case held
    /// Used up by a paid order.
    case claimed
}

/// How many units of an entitlement are where; none of them is ever negative.
package struct EntitlementBalance: Hashable, Sendable {
    package private(set) var available: Int64 = 0
    package private(set) var held: Int64 = 0
    package private(set) var claimed: Int64 = 0

    package init() {}

    package init(available: Int64, held: Int64, claimed: Int64) {
        self.available = available
        self.held = held
        self.claimed = claimed
    }

    /// Moves units from an account to another.
    ///
    /// - Returns: false, with nothing moved, when the account does not hold them or the other would hold too many.
    package mutating func move(_ quantity: Int64, from: EntitlementAccount, to: EntitlementAccount) -> Bool {
        guard quantity > 0, from != to, from == .outside || self[from] >= quantity else { return false }
        guard to == .outside || self[to] + quantity <= StockQuantity.max else { return false }
        self[from] -= quantity
        self[to] += quantity
        return true
    }

    package subscript(_ account: EntitlementAccount) -> Int64 {
        get {
            switch account {
            case .outside: 0
            case .available: available
            case .held: held
            case .claimed: claimed
            }
        }
        set {
            switch account {
            case .outside: break
            case .available: available = newValue
            case .held: held = newValue
            case .claimed: claimed = newValue
            }
        }
    }
}
