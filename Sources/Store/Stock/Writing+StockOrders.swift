package import Commerce
import GRDB

extension Writing {
    /// Does to the ledger what was done to the goods, once for each cause.
    ///
    /// Goods that come to the pool pay a debt first. A count that finds too few leaves promises
    /// open that nobody can keep: they are owed then, and a person is told.
    ///
    /// - Throws: `.contradiction` when the cause was used for another movement, `.notFound` for what is not there.
    @discardableResult
    package func move(_ order: StockOrder) throws(StoreError) -> StockOutcome {
        let warehouse = try reading.requireWarehouse(order.warehouse)
        let place = try place(order.sku, warehouse)
        if try isKnown(order.cause, order.kind, [order.sku: order.quantity]) { return .known }
        if case .dispatch(let quantity, let target) = order.act {
            return try dispatch(quantity, from: place, to: try reading.requireWarehouse(target), order)
        }
        if case .receive = order.act, warehouse.isClosed { throw .contradiction("warehouse \(warehouse.id) is closed") }
        let before = try balance(place)
        var after = before
        let steps: [StockStep]
        switch trying({ () throws(StockShortfall) in try Writing.take(order.act, &after) }) {
        case .success(let taken): steps = taken
        case .failure(let shortfall): return .short(shortfall)
        }
        try put(after, at: place)
        // What found nothing to move is written down too, or its cause could move something when it comes again.
        let still = order.kind == .protect ? StockStep(.pool, .safety, 0) : StockStep(.outside, .pool, 0)
        try enter(
            order.kind, steps.isEmpty ? [still] : steps, at: place, cause: order.cause, author: order.author, reason: order.reason)
        let owed = after.backordered - before.backordered
        if owed > 0 { try notice(.shortage, at: place, channel: nil, quantity: owed, owed: owed, cause: order.cause) }
        return .done(steps)
    }

    private static func take(_ act: StockOrder.Act, _ balance: inout StockBalance) throws(StockShortfall) -> [StockStep] {
        switch act {
        case .receive(let quantity): return try balance.bring(quantity, from: .outside)
        case .count(let counted): return try balance.count(counted)
        case .adjust(let difference):
            return difference > 0
                ? try balance.bring(difference, from: .outside) : try balance.draw(-difference, to: .outside, from: [.pool])
        case .damage(let quantity): return try balance.draw(quantity, to: .damaged, from: [.pool])
        case .mend(let quantity): return try balance.bring(quantity, from: .damaged)
        case .scrap(let quantity): return try balance.draw(quantity, to: .outside, from: [.damaged])
        case .protect(let wanted): return try balance.protect(wanted)
        case .arrive(let quantity): return try balance.bring(quantity, from: .transit)
        case .lose(let quantity): return try balance.draw(quantity, to: .outside, from: [.transit])
        // Between two places; see dispatch.
        case .dispatch: return []
        }
    }

    private func dispatch(
        _ quantity: Int64, from place: StockPlace, to target: Warehouse, _ order: StockOrder
    ) throws(StoreError) -> StockOutcome {
        if target.isClosed { throw .contradiction("warehouse \(target.id) is closed") }
        let other = StockPlace(sku: place.sku, warehouse: target.number)
        var (here, there) = (try balance(place), try balance(other))
        let taken = trying { () throws(StockShortfall) in
            try here.apply(StockStep(.pool, .outside, quantity))
            try there.apply(StockStep(.outside, .transit, quantity))
        }
        if case .failure(let shortfall) = taken { return .short(shortfall) }
        try put(here, at: place)
        try put(there, at: other)
        let step = StockStep(.pool, .transit, quantity)
        try enter(
            .transfer, step, sku: place.sku, from: place.warehouse, to: other.warehouse, cause: order.cause, part: 0,
            author: order.author, reason: order.reason)
        return .done([step])
    }

    /// Sets how many units of a SKU may be promised that are not there, and below how many a person is to know.
    ///
    /// - Parameter alertBelow: nil for no alert.
    package func setStockRule(
        _ sku: EntityRef, at warehouse: WarehouseID = .main, backorderLimit: Int64, alertBelow: Int64?
    ) throws(StoreError) {
        guard (0...StockQuantity.movedMax).contains(backorderLimit) else {
            throw .invalid(ValidationFailure(field: "backorder_limit", reason: "must be from 0 to \(StockQuantity.movedMax)"))
        }
        guard (1...StockQuantity.movedMax).contains(alertBelow ?? 1) else {
            throw .invalid(ValidationFailure(field: "alert_below", reason: "must be from 1 to \(StockQuantity.movedMax)"))
        }
        let place = try place(sku, try reading.requireWarehouse(warehouse))
        var line = try line(place)
        line.balance.limitBackorders(to: backorderLimit)
        line.alertBelow = alertBelow
        desk.stock.put(line, at: place)
    }
}
