package import Commerce

/// One thing somebody does to a cart.
package enum CartEdit: Hashable, Sendable {
    /// So many more; what others add at the same time adds up.
    case add(EntityRef, Int64)
    /// So many from now on; none takes the line out.
    case set(EntityRef, Int64)

    package var sku: EntityRef {
        switch self {
        case .add(let sku, _), .set(let sku, _): sku
        }
    }

    /// - Throws: ``ValidationFailure`` for a quantity no cart holds.
    func check(at index: Int) throws(ValidationFailure) {
        switch self {
        case .add(_, let quantity): try StockQuantity.check(quantity, field: "lines[\(index)].quantity")
        case .set(_, 0): break
        case .set(_, let quantity): try StockQuantity.check(quantity, field: "lines[\(index)].quantity")
        }
    }
}

/// What came of editing a cart.
package enum CartOutcome: Hashable, Sendable {
    case changed(Cart)
    /// It was so already.
    case unchanged(Cart)
    /// Somebody changed the same lines to something else meanwhile; nothing was done. The cart as it is now, and which lines.
    case conflict(Cart, [EntityRef])
    /// It went into a member's cart, named here; that one is to be edited.
    case merged(into: String)
}
