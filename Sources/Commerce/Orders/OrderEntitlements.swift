/// What of a coupon or of points an order has, and what its buyer has back.
package enum EntitlementState: String, CaseIterable, Sendable {
    /// Set aside for the order; nobody else may use it.
    case held
    case claimed
    case returned
}

/// Coupons and points of an order, from its facts: what a ledger of them is to show.
package struct OrderEntitlements: Hashable, Sendable {
    package let coupons: [String: EntitlementState]
    /// Points set aside, used up, and given back; their sum is what the order took.
    package let pointsHeld: Int64
    package let pointsClaimed: Int64
    package let pointsReturned: Int64

    package init(coupons: [String: EntitlementState], pointsHeld: Int64, pointsClaimed: Int64, pointsReturned: Int64) {
        self.coupons = coupons
        self.pointsHeld = pointsHeld
        self.pointsClaimed = pointsClaimed
        self.pointsReturned = pointsReturned
    }
}

extension OrderState {
    /// A cancelled or closed order gives everything back; pieces given back give their points back, by their stored shares.
    /// A coupon was for the whole order and comes back only with the whole.
    package var entitlements: OrderEntitlements {
        let all = lines.reduce(0) { $0 + $1.line.priced.points }
        let isOver = phase == .cancelled || phase == .closed
        let isClaimed = money?.isPaid ?? false
        let returned = isOver ? all : lines.reduce(0) { $0 + $1.pointsBack }
        let coupon: EntitlementState = isOver ? .returned : isClaimed ? .claimed : .held
        return OrderEntitlements(
            coupons: Dictionary((placed?.coupons ?? []).map { ($0, coupon) }) { first, _ in first },
            pointsHeld: isClaimed ? 0 : all - returned, pointsClaimed: isClaimed ? all - returned : 0, pointsReturned: returned)
    }
}

extension OrderLineState {
    fileprivate var pointsBack: Int64 { line.priced.points(for: min(openedPieces, line.quantity), before: 0) }
}
