package import Commerce
import GRDB

/// What a channel is to be told of stock in one exchange, written down before it is sent.
package struct QuantityPlan: Sendable {
    package internal(set) var writes: [ToldQuantity] = []
    /// SKUs the channel has to be asked about first: a difference can only be added to a number that is known.
    package internal(set) var unread: [EntityRef] = []

    package init() {}
}

extension Writing {
    /// Works out what a channel has to be told now: each SKU that moved since, once, by what there is to sell at this moment.
    ///
    /// The pool has been debited before an increase can be planned, and a decrease carries the
    /// withdrawals that are open now; they are credited when it is confirmed and not before.
    /// A write that is in doubt is planned as it was, and nothing else of its SKU before its end is known.
    package func planQuantities(
        _ channel: ChannelRecord, _ capability: QuantityCapability, limit: Int
    ) throws(StoreError) -> QuantityPlan {
        try reading.settleStock()
        let now = desk.surroundings.time.now()
        var pace = try reading.channelPace(channel)
        var rows = try reading.dueQuantities(channel, at: now, limit: limit)
        let room = max(1, limit - rows.count)
        let moves = try reading.moves(after: pace.position, through: desk.sequence, limit: room)
        for move in moves where !rows.contains(where: { $0.sku == move.entity }) {
            guard let number = try entityNumber(move.entity) else { continue }
            rows.append(try reading.toldQuantity(move.entity, to: channel) ?? ToldQuantity(sku: move.entity, number: number))
        }
        let end = moves.count == room ? moves.last?.sequence ?? pace.position : desk.sequence
        if end != pace.position || pace.capability != capability {
            (pace.position, pace.capability) = (max(end, pace.position), capability)
            try put(pace, of: channel)
        }
        var plan = QuantityPlan()
        for row in rows { try self.plan(row, channel, capability, now, into: &plan) }
        return plan
    }

    private func plan(
        _ before: ToldQuantity, _ channel: ChannelRecord, _ capability: QuantityCapability, _ now: Timestamp,
        into plan: inout QuantityPlan
    ) throws(StoreError) {
        var row = before
        if row.write != nil {
            // What moved while it waits is looked at when its end is known.
            if row.dueAt.map({ $0 <= now }) == true { plan.writes.append(row) }
            return
        }
        let wanted = try wanted(row.sku, at: channel, capability, now)
        let there = capability == .set ? row.confirmed : row.known
        if there == nil, capability != .set {
            plan.unread.append(row.sku)
            row.dueAt = now
        } else if let write = QuantityWrite(capability, known: there, wanted: wanted, holds: row.compare) {
            row.writes += 1
            (row.write, row.dueAt) = (write, now)
            try ask(row, channel)
            plan.writes.append(row)
            if desk.surroundings.plantedInStock == .creditsEarly { try confirmAsked(row, channel) }
        } else {
            (row.dueAt, row.attempts, row.error) = (nil, 0, nil)
            if let there, there <= wanted {
                try ask(row, channel)
                try confirmAsked(row, channel)
            }
        }
        if row != before { try put(row, of: channel) }
    }

    /// What a channel is to sell a SKU from.
    private func wanted(
        _ sku: EntityRef, at channel: ChannelRecord, _ capability: QuantityCapability, _ now: Timestamp
    ) throws(StoreError) -> Int64 {
        let shown = try reading.published(sku, to: channel, at: now)
        guard capability == .set else { return shown }
        return max(0, shown - (try reading.measuredBuffer(sku, at: channel, now: now)))
    }

    /// The withdrawals that are open now go with the next confirmation.
    private func ask(_ row: ToldQuantity, _ channel: ChannelRecord) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE stock_right SET asked = 1 WHERE sku = ? AND channel = ? AND withdrawing > 0") { parameters in
                parameters.set(1, row.number)
                parameters.set(2, channel.number)
            }
        }
    }
}
