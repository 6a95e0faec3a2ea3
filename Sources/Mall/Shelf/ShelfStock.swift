package import Commerce
package import Store

/// What a channel is shown of a SKU's stock.
package struct ShelfStock: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case out
        case low
        case inStock = "in_stock"
    }

    package let quantity: Int64
    package let state: State

    /// - Parameter isLow: somebody is to be told that little is left.
    package init(quantity: Int64, isLow: Bool) {
        self.quantity = quantity
        state = quantity <= 0 ? .out : isLow ? .low : .inStock
    }
}

extension Reading {
    package func shelfStock(_ sku: EntityRef, to channel: ChannelRecord, now: Timestamp) throws(StoreError) -> ShelfStock {
        let quantity = try published(sku, to: channel, at: now)
        if quantity <= 0 { return ShelfStock(quantity: 0, isLow: false) }
        return ShelfStock(quantity: quantity, isLow: try stockLevels(sku, at: now).contains(where: \.isLow))
    }

    /// A product's SKUs on a channel's shelf, by their place, then their id.
    package func shelfSKUs(of product: EntityID, at channel: ChannelID, now: Timestamp) throws(StoreError) -> [ShelfView] {
        var found: [(position: Int64, view: ShelfView)] = []
        var last: Int64 = 0
        while true {
            let part = try marked(.product(product), after: last, limit: 200)
            for (number, sku) in part {
                last = number
                let view = try shelfView(sku, at: channel)
                guard try view.isOnShelf(at: now) else { continue }
                found.append((try view.value("identity")?["position"]?.integer ?? .max, view))
            }
            if part.count < 200 { break }
        }
        return found.sorted { ($0.position, $0.view.entity) < ($1.position, $1.view.entity) }.map(\.view)
    }
}
