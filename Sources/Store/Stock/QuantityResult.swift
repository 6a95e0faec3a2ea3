package import Commerce
import GRDB

/// What became of telling a channel a quantity.
package enum QuantityResult: Hashable, Sendable {
    /// It has done it, also when it had before.
    case stored(seen: Int64?)
    /// It has done nothing, because it holds so many.
    case other(seen: Int64)
    /// It has done nothing, and says why.
    case refused(String)
    /// It may have done it.
    case unknown(String)
}

extension Writing {
    /// Books what a channel holds now, credits what it has confirmed to give back, or sees to it that it is asked again.
    ///
    /// - Parameter wait: until it is told again, where that is not at once.
    package func settle(
        _ told: ToldQuantity, _ result: QuantityResult, of channel: ChannelRecord, wait: Duration
    ) throws(StoreError) {
        // Another data set may have taken the channel's place meanwhile.
        guard var row = try reading.toldQuantity(told.sku, to: channel), row.writes == told.writes, let write = row.write else { return }
        let now = desk.surroundings.time.now()
        switch result {
        case .stored(let seen):
            row.confirmed =
                switch write {
                case .adjust(let by): (row.known ?? 0) + by
                case .compareAndSet(let from, let to): (row.known ?? from) + to - from
                case .set(let number): number
                }
            row.sold = 0
            (row.write, row.compare, row.attempts, row.error) = (nil, nil, 0, nil)
            row.seen = seen ?? row.seen
            // It may have moved while it was under way.
            row.dueAt = now
            try confirmAsked(row, channel)
        case .other(let seen):
            row.attempts += 1
            (row.write, row.seen, row.error) = (nil, seen, "it holds \(seen), and has sold what it has not told of")
            if case .compareAndSet = write {
                row.compare = seen
                row.dueAt = row.attempts > 3 ? now + wait : now
            } else {
                // What it does not have any more it cannot give back; its orders will say where it went.
                try endAsked(row, channel)
                row.dueAt = now + wait
            }
        case .refused(let reason):
            row.attempts += 1
            (row.write, row.dueAt, row.error) = (nil, now + wait, reason)
        case .unknown(let reason):
            row.attempts += 1
            (row.dueAt, row.error) = (now + wait, reason)
            // A plain number is worked out anew: the old one may be too many by now.
            if case .set = write { (row.write, row.confirmed) = (nil, nil) }
        }
        try put(row, of: channel)
    }

    /// Takes up what a channel says to hold of SKUs that it was never told a quantity of.
    ///
    /// This once its word is taken: a difference must be added to something. What it had sold and not told of by then
    /// is found when its orders come.
    package func meet(_ quantities: [EntityRef: Int64], of asked: [EntityRef], _ channel: ChannelRecord, wait: Duration) throws(StoreError) {
        let now = desk.surroundings.time.now()
        for sku in asked {
            guard var row = try reading.toldQuantity(sku, to: channel), row.confirmed == nil, row.write == nil else { continue }
            if let quantity = quantities[sku] {
                (row.confirmed, row.sold, row.seen, row.dueAt, row.error, row.attempts) = (quantity, 0, quantity, now, nil, 0)
            } else {
                row.attempts += 1
                (row.dueAt, row.error) = (now + wait, "it does not list this SKU")
            }
            try put(row, of: channel)
        }
    }

    /// Notes how long it took from working numbers out to their being confirmed.
    package func noteTrip(_ duration: Duration, of channel: ChannelRecord) throws(StoreError) {
        var pace = try reading.channelPace(channel)
        let worst = ChannelPace.worst(pace.trip, duration)
        guard worst != pace.trip else { return }
        pace.trip = worst
        try put(pace, of: channel)
    }

    /// Another data set is behind the channel: nothing is known of what it sells from.
    func forgetQuantities(of channel: ChannelRecord) throws(StoreError) {
        try perform { db in
            try db.run("DELETE FROM stock_told WHERE channel = ?") { $0.set(1, channel.number) }
            try db.run("UPDATE stock_channel SET position = 0 WHERE channel = ?") { $0.set(1, channel.number) }
            try db.run("UPDATE stock_right SET asked = 0 WHERE channel = ?") { $0.set(1, channel.number) }
        }
    }

    func confirmAsked(_ row: ToldQuantity, _ channel: ChannelRecord) throws(StoreError) {
        for (right, cause) in try asked(row, channel) {
            _ = try confirmWithdrawal(of: row.sku, at: right.warehouse, from: channel.id, cause: cause, author: "channel:\(channel.id)")
        }
    }

    private func endAsked(_ row: ToldQuantity, _ channel: ChannelRecord) throws(StoreError) {
        for (right, cause) in try asked(row, channel) {
            _ = try endWithdrawal(of: row.sku, at: right.warehouse, from: channel.id, cause: cause)
        }
    }

    private func asked(_ row: ToldQuantity, _ channel: ChannelRecord) throws(StoreError) -> [(StockRight, StockCause)] {
        var found: [(StockRight, StockCause)] = []
        for right in try reading.stockRights(sku: row.sku, channel: channel.id) where right.isAsked {
            guard let text = right.withdrawal else { continue }
            do throws(ValidationFailure) { found.append((right, try StockCause(text))) } catch {
                throw .corrupt("the withdrawal of \(row.sku) from \(channel.id): \(error)")
            }
        }
        return found
    }
}
