package import Commerce
import GRDB

/// How far a channel is with the stock, what it can do, and how late each side hears of the other.
package struct ChannelPace: Hashable, Sendable {
    /// Moves up to here were looked at for it.
    package internal(set) var position: Int64 = 0
    /// What it said it can do when it was met last; nil for one that is told no quantities.
    package internal(set) var capability: QuantityCapability?
    /// From an order at the channel to the hub's hearing of it, at the worst lately.
    package internal(set) var lag: Duration = .zero
    /// From working a number out to its being confirmed, at the worst lately.
    package internal(set) var trip: Duration = .zero

    /// Takes a measurement in: what is worse at once, what is better slowly.
    static func worst(_ before: Duration, _ now: Duration) -> Duration {
        max(now, .milliseconds(before.milliseconds - before.milliseconds / 8))
    }
}

extension Reading {
    package func channelPace(_ channel: ChannelRecord) throws(StoreError) -> ChannelPace {
        try perform { db in
            try db.first("SELECT position, capability, lag, trip FROM stock_channel WHERE channel = ?") {
                $0.set(1, channel.number)
            } _: { row in
                ChannelPace(
                    position: try row.integer(0), capability: try row.textIfAny(1).flatMap { QuantityCapability(rawValue: $0) },
                    lag: .milliseconds(try row.integer(2)), trip: .milliseconds(try row.integer(3)))
            }
        } ?? ChannelPace()
    }

    /// How fast a channel sells a SKU.
    package func sellingPace(_ sku: EntityRef, at channel: ChannelRecord) throws(StoreError) -> SellingPace {
        guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
        return try pace(number, channel)
    }

    func pace(_ sku: Int64, _ channel: ChannelRecord) throws(StoreError) -> SellingPace {
        try perform { db in
            try db.first("SELECT hour, sold, busiest FROM stock_pace WHERE sku = ? AND channel = ?") { row in
                row.set(1, sku)
                row.set(2, channel.number)
            } _: { SellingPace(hour: try $0.integer(0), sold: try $0.integer(1), busiest: try $0.integer(2)) }
        } ?? SellingPace()
    }

    /// Units a channel that is set plain numbers may sell unseen, by what was measured: taken off what it is set.
    package func measuredBuffer(_ sku: EntityRef, at channel: ChannelRecord, now: Timestamp) throws(StoreError) -> Int64 {
        let how = try channelPace(channel)
        guard how.capability == .set else { return 0 }
        var pace = try sellingPace(sku, at: channel)
        pace.pass(to: now)
        return PublishingPolicy.buffer(sold: pace.perHour, in: .seconds(3_600), lag: how.lag + how.trip)
    }
}

extension Writing {
    func put(_ pace: ChannelPace, of channel: ChannelRecord) throws(StoreError) {
        try perform { db in
            try db.run(
                """
                INSERT INTO stock_channel (channel, position, capability, lag, trip) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (channel) DO UPDATE SET position = ?2, capability = ?3, lag = ?4, trip = ?5
                """
            ) { row in
                row.set(1, channel.number)
                row.set(2, pace.position)
                row.set(3, pace.capability?.rawValue)
                row.set(4, pace.lag.milliseconds)
                row.set(5, pace.trip.milliseconds)
            }
        }
    }

    /// Notes a sale a channel has told of: it holds so many less, and sells so fast.
    func noteSale(_ quantity: Int64, of sku: Int64, by channel: ChannelRecord, takenAt: Timestamp?) throws(StoreError) {
        let now = desk.surroundings.time.now()
        try perform { db in
            try db.run("UPDATE stock_told SET sold = sold + ? WHERE channel = ? AND sku = ? AND confirmed IS NOT NULL") { row in
                row.set(1, quantity)
                row.set(2, channel.number)
                row.set(3, sku)
            }
        }
        var pace = try reading.pace(sku, channel)
        pace.add(quantity, at: now)
        try perform { db in
            try db.run(
                """
                INSERT INTO stock_pace (sku, channel, hour, sold, busiest) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (sku, channel) DO UPDATE SET hour = ?3, sold = ?4, busiest = ?5
                """
            ) { row in
                for (index, value) in [sku, channel.number, pace.hour, pace.sold, pace.busiest].enumerated() {
                    row.set(Int32(index) + 1, value)
                }
            }
        }
        guard let takenAt, takenAt <= now else { return }
        var how = try reading.channelPace(channel)
        how.lag = ChannelPace.worst(how.lag, now - takenAt)
        try put(how, of: channel)
    }
}
