package import Commerce
import GRDB

/// What there is of a SKU at one warehouse.
package struct StockLevel: Hashable, Sendable {
    package let sku: EntityRef
    package let warehouse: WarehouseID
    package let balance: StockBalance
    /// Tied up by holds whose time is over: free already.
    package let due: Int64
    package let alertBelow: Int64?

    /// Free to be held now.
    package var free: Int64 { balance.pool + due }
    package var isLow: Bool { alertBelow.map { free < $0 } ?? false }
}

extension Reading {
    /// What there is of a SKU, by warehouse; empty for one that nothing was ever received of.
    package func stockLevels(_ sku: EntityRef, at now: Timestamp) throws(StoreError) -> [StockLevel] {
        guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
        try settleStock()
        var levels: [StockLevel] = []
        for warehouse in try warehouses() {
            let place = StockPlace(sku: number, warehouse: warehouse.number)
            guard let line = try perform({ db in try db.stockLine(place) }) else { continue }
            levels.append(
                StockLevel(
                    sku: sku, warehouse: warehouse.id, balance: line.balance, due: try dueUnits(place, at: now),
                    alertBelow: line.alertBelow))
        }
        return levels
    }

    private func dueUnits(_ place: StockPlace, at now: Timestamp) throws(StoreError) -> Int64 {
        try perform { db in
            try db.first(
                "SELECT coalesce(sum(quantity), 0) FROM hold WHERE sku = ? AND warehouse = ? AND state = 'open' AND expires_at <= ?"
            ) { parameters in
                parameters.set(1, place.sku)
                parameters.set(2, place.warehouse)
                parameters.set(3, now.milliseconds)
            } _: { try $0.integer(0) }
        } ?? 0
    }

    /// SKUs with stock in order of their creation, after one: what a list of all of them shows.
    package func stockedSKUs(after number: Int64 = 0, low: Bool = false, limit: Int) throws(StoreError) -> [(number: Int64, sku: EntityRef)] {
        try settleStock()
        let condition = low ? "AND stock.alert_below IS NOT NULL AND stock.pool < stock.alert_below" : ""
        return try perform { db in
            try db.all(
                """
                SELECT DISTINCT stock.sku, entity.kind, entity.id FROM stock JOIN entity ON entity.num = stock.sku
                WHERE stock.sku > ?1 \(condition) ORDER BY stock.sku LIMIT ?2
                """
            ) { parameters in
                parameters.set(1, number)
                parameters.set(2, Int64(limit))
            } _: { (number: try $0.integer(0), sku: try EntityRef($0, at: 1)) }
        }
    }

    /// What can be promised of a SKU through a channel, or to nobody in particular.
    package func availability(_ sku: EntityRef, for channel: ChannelID? = nil, at now: Timestamp) throws(StoreError) -> Availability {
        guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
        var found = Availability()
        let open = try warehouses().filter { !$0.isClosed }.map(\.id)
        for level in try stockLevels(sku, at: now) where open.contains(level.warehouse) {
            // What comes free pays a debt first.
            let paid = min(level.due, level.balance.backordered)
            found.pool += level.balance.pool + level.due - paid
            found.backorderRoom += max(0, level.balance.backorderLimit - level.balance.backordered + paid)
        }
        found.fencedForOthers = try fences(of: number).reduce(0) { $0 + ($1.key == channel ? 0 : $1.value) }
        if let channel { found.right = try stockRights(sku: sku, channel: channel).reduce(0) { $0 + $1.published } }
        return found
    }

    /// What a channel is shown of a SKU now.
    package func published(_ sku: EntityRef, to channel: ChannelRecord, at now: Timestamp) throws(StoreError) -> Int64 {
        try publishingPolicy(of: channel, sku: sku).published(try availability(sku, for: channel.id, at: now))
    }
}
