package import Commerce
import GRDB

extension Writing {
    /// Puts what a guest wanted into the cart of the member they turned out to be, once.
    ///
    /// Quantities of the same SKU add up. Said again it changes nothing, whatever happened to either cart since.
    ///
    /// - Throws: `.notFound` for a cart of another channel; `.contradiction` for one that is a member's or went to
    ///   another member; `.invalid` when both together are more than one cart holds. Nothing is changed then.
    package func mergeCart(_ id: String, of channel: ChannelID, into member: EntityID) throws(StoreError) -> CartOutcome {
        guard let guest = try reading.cartSheet("cart.id = ?2", channel, id) else { throw .notFound("cart \(id)") }
        let target = try memberCart(member, channel)
        if let earlier = guest.mergedInto {
            guard earlier == target.id else { throw .contradiction("cart \(id) went into another member's cart before") }
            return .unchanged(target.cart)
        }
        guard guest.member == nil else { throw .contradiction("cart \(id) is a member's; only a guest's cart is merged") }
        let targets = guest.lines.map { row in
            let sum = row.quantity + (target.rows[row.number]?.quantity ?? 0)
            return (number: row.number, sku: row.sku, quantity: min(sum, StockQuantity.movedMax))
        }
        let changed = try put(targets, into: target)
        try perform { db in
            try db.run("UPDATE cart SET merged_into = ? WHERE num = ?") { row in
                row.set(1, target.number)
                row.set(2, guest.number)
            }
        }
        return changed.map { .changed($0) } ?? .unchanged(target.cart)
    }
}
