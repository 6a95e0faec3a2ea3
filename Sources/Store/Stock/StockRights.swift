package import Commerce
import GRDB

/// What one channel may sell of a SKU at a warehouse without asking.
package struct StockRight: Hashable, Sendable {
    package let channel: ChannelID
    package let sku: EntityRef
    package let warehouse: WarehouseID
    package let granted: Int64
    /// What is being taken back from it, and under which cause: it is told to sell so many less, and has not confirmed.
    package let withdrawing: Int64
    package let withdrawal: String?
    /// Whether the channel's next confirmation is about it.
    let isAsked: Bool
    /// What it is to sell from.
    package var published: Int64 { granted - withdrawing }
}

extension Reading {
    /// Rights by SKU, warehouse and channel: of one SKU, of one channel, or all.
    package func stockRights(
        sku: EntityRef? = nil, channel: ChannelID? = nil, after: EntityRef? = nil, limit: Int = 1_000
    ) throws(StoreError) -> [StockRight] {
        try settleStock()
        return try perform { db in
            try db.all(
                """
                SELECT channel.id, entity.kind, entity.id, warehouse.id, granted, withdrawing, withdrawal, asked FROM stock_right
                JOIN channel ON channel.num = stock_right.channel JOIN entity ON entity.num = stock_right.sku
                JOIN warehouse ON warehouse.num = stock_right.warehouse
                WHERE (?1 IS NULL OR entity.id = ?1) AND (?2 IS NULL OR channel.id = ?2) AND (?3 IS NULL OR entity.id > ?3)
                ORDER BY entity.id, warehouse.id, channel.id LIMIT ?4
                """
            ) { parameters in
                parameters.set(1, sku?.id.text)
                parameters.set(2, channel?.text)
                parameters.set(3, after?.id.text)
                parameters.set(4, Int64(limit))
            } _: { row in
                guard let warehouse = WarehouseID(try row.text(3)) else { throw StoreError.corrupt("a right's warehouse cannot be read") }
                return StockRight(
                    channel: try ChannelID(row, at: 0), sku: try EntityRef(row, at: 1), warehouse: warehouse,
                    granted: try row.integer(4), withdrawing: try row.integer(5), withdrawal: try row.textIfAny(6),
                    isAsked: try row.integer(7) == 1)
            }
        }
    }
}

extension Writing {
    func hasRight(_ channel: ChannelRecord, _ sku: Int64) throws(StoreError) -> Bool {
        try reading.settleStock()
        return try perform { db in
            try db.first("SELECT 1 FROM stock_right WHERE channel = ? AND sku = ?") { row in
                row.set(1, channel.number)
                row.set(2, sku)
            } _: { _ in true }
        } ?? false
    }

    /// Lets a channel sell more: the pool is debited now, the channel is told after.
    package func grant(
        _ quantity: Int64, of sku: EntityRef, at warehouse: WarehouseID = .main, to channel: ChannelID, cause: StockCause,
        author: String
    ) throws(StoreError) -> StockOutcome {
        do throws(ValidationFailure) { try StockQuantity.check(quantity) } catch { throw .invalid(error) }
        let record = try reading.requireChannel(channel)
        if record.state == .retired { throw .contradiction("channel \(channel) is retired; it sells nothing any more") }
        return try grant(cause, sku, quantity, warehouse, author) { balance throws(StockShortfall) in
            try balance.draw(quantity, to: .right(channel), from: [.pool])
        }
    }

    /// Begins to take back what a channel may sell: it is told now, and the pool gets it when the channel has confirmed.
    ///
    /// One at a time for each right; the same cause again changes nothing.
    package func withdraw(
        _ quantity: Int64, of sku: EntityRef, at warehouse: WarehouseID = .main, from channel: ChannelID, cause: StockCause
    ) throws(StoreError) -> StockOutcome {
        do throws(ValidationFailure) { try StockQuantity.check(quantity) } catch { throw .invalid(error) }
        if try !reading.stockEntries(cause: cause).isEmpty { return .known }
        guard let right = try right(channel, sku, warehouse) else {
            return .short(StockShortfall(account: .right(channel), wanted: quantity, there: 0))
        }
        if right.withdrawing > 0 {
            guard right.withdrawal == cause.text else {
                throw .contradiction("\(channel) has not confirmed \(right.withdrawal ?? "-") yet; confirm or end it first")
            }
            return .known
        }
        guard quantity <= right.granted else {
            return .short(StockShortfall(account: .right(channel), wanted: quantity, there: right.granted))
        }
        try set(quantity, cause.text, on: right)
        return .done([])
    }

    /// Gives the pool what a channel has confirmed not to sell any more.
    ///
    /// What it had sold before it confirmed is not given back: its orders have taken it already, or will find it gone.
    package func confirmWithdrawal(
        of sku: EntityRef, at warehouse: WarehouseID = .main, from channel: ChannelID, cause: StockCause, author: String
    ) throws(StoreError) -> StockOutcome {
        if try !reading.stockEntries(cause: cause).isEmpty { return .known }
        guard let right = try right(channel, sku, warehouse), right.withdrawal == cause.text else {
            throw .notFound("a withdrawal \(cause) from \(channel)")
        }
        let quantity = right.withdrawing
        try set(0, nil, on: right)
        guard quantity > 0 else { return .known }
        return try grant(cause, sku, quantity, warehouse, author) { balance throws(StockShortfall) in
            try balance.bring(quantity, from: .right(channel))
        }
    }

    /// Ends a withdrawal that the channel has refused: it may sell what it may.
    package func endWithdrawal(
        of sku: EntityRef, at warehouse: WarehouseID = .main, from channel: ChannelID, cause: StockCause
    ) throws(StoreError) -> StockOutcome {
        guard let right = try right(channel, sku, warehouse), right.withdrawal == cause.text else { return .known }
        try set(0, nil, on: right)
        return .done([])
    }

    private func right(_ channel: ChannelID, _ sku: EntityRef, _ warehouse: WarehouseID) throws(StoreError) -> StockRight? {
        _ = try reading.requireChannel(channel)
        _ = try skuNumber(sku)
        _ = try reading.requireWarehouse(warehouse)
        return try reading.stockRights(sku: sku, channel: channel).first { $0.warehouse == warehouse }
    }

    /// Its row is written: the balances were settled when it was read.
    private func set(_ withdrawing: Int64, _ withdrawal: String?, on right: StockRight) throws(StoreError) {
        let place = try place(right.sku, try reading.requireWarehouse(right.warehouse))
        let channel = try reading.requireChannel(right.channel)
        try perform { db in
            try db.run("UPDATE stock_right SET withdrawing = ?, withdrawal = ?, asked = 0 WHERE sku = ? AND warehouse = ? AND channel = ?") { row in
                row.set(1, withdrawing)
                row.set(2, withdrawal)
                row.set(3, place.sku)
                row.set(4, place.warehouse)
                row.set(5, channel.number)
            }
            try db.move(.stock, place.sku, to: desk.nextSequence())
        }
    }

    private func grant(
        _ cause: StockCause, _ sku: EntityRef, _ quantity: Int64, _ warehouse: WarehouseID, _ author: String,
        _ take: (inout StockBalance) throws(StockShortfall) -> [StockStep]
    ) throws(StoreError) -> StockOutcome {
        let place = try place(sku, try reading.requireWarehouse(warehouse))
        if try isKnown(cause, .grant, [sku: quantity]) { return .known }
        var balance = try balance(place)
        switch trying({ () throws(StockShortfall) in try take(&balance) }) {
        case .failure(let shortfall): return .short(shortfall)
        case .success(let steps):
            try put(balance, at: place)
            try enter(.grant, steps, at: place, cause: cause, author: author)
            return .done(steps)
        }
    }
}
