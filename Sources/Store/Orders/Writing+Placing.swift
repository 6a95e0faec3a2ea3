package import Commerce
import GRDB

/// What came of wanting to place an order.
package enum Placing: Sendable {
    /// Its goods are held, and its coupons and points with them.
    case placed(StoredOrder)
    /// It was placed before; as it is now.
    case known(StoredOrder)
    /// Not all of its goods are there, so nothing was done.
    case short([HoldOutcome.Shortage])
    /// A coupon, points or a promotion cannot be had, so nothing was done.
    case refused(EntitlementKind, id: String, EntitlementOutcome.Refusal)
}

extension Writing {
    /// Places an order: its goods and entitlements held and the order written down, all of it or nothing.
    package func place(
        _ placed: PlacedOrder, entitlements: EntitlementDemand? = nil, by author: String
    ) throws(StoreError) -> Placing {
        var book = try reading.book(placed.number) ?? OrderBook(new: placed.number)
        if book.state.placed != nil { return .known(book.order) }
        let owner = "order/\(placed.number)"
        let policy = try reading.orderPolicy(of: placed.channel)
        if let entitlements, let refusal = try reading.refusal(of: entitlements, member: placed.member, at: desk.surroundings.time.now()) {
            return .refused(refusal.kind, id: refusal.id, refusal.reason)
        }
        let lines = placed.lines.map { ($0, $0.quantity) }
        if let request = try holdRequest(placed, lines, owner: owner, attempt: 0, policy) {
            if case .short(let missing) = try reserve(request) { return .short(missing) }
        }
        if let entitlements { _ = try holdEntitlements(entitlements, owner: owner, member: placed.member) }
        // Nothing above has touched the order's own book.
        switch try tell(.placed(placed), to: &book, policy, by: author) {
        case .told(let order): return .placed(order)
        case .known(let order), .refused(_, let order): return .known(order)
        }
    }

    /// A number for a new order, that nothing has had before.
    package func newOrderNumber() throws(StoreError) -> String {
        while true {
            let number = OrderNumber.own(at: desk.surroundings.time.now(), id: desk.surroundings.ids.next())
            if try reading.book(number) == nil { return number }
        }
    }
}
