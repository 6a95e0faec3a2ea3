package import Commerce
import GRDB

extension Reading {
    /// How much a channel is shown of a SKU: its own rule, else the channel's, else all there is.
    package func publishingPolicy(of channel: ChannelRecord, sku: EntityRef) throws(StoreError) -> PublishingPolicy {
        let number = try entityNumber(sku) ?? 0
        return try perform { db in
            try db.first(
                "SELECT share, floor, cap, ring_fence, buffer FROM stock_policy WHERE channel = ?1 AND sku IN (0, ?2) ORDER BY sku DESC LIMIT 1"
            ) { parameters in
                parameters.set(1, channel.number)
                parameters.set(2, number)
            } _: { row in
                do throws(ValidationFailure) {
                    return try PublishingPolicy(
                        share: try Reading.whole(row, 0), floor: try Reading.whole(row, 1), cap: try Reading.wholeIfAny(row, 2),
                        ringFence: try Reading.whole(row, 3), buffer: try Reading.whole(row, 4))
                } catch { throw StoreError.corrupt("a publishing policy: \(error)") }
            }
        } ?? .standard
    }

    private static func whole(_ row: Columns, _ index: Int32) throws(ValidationFailure) -> Int64 {
        do throws(StoreError) { return try row.integer(index) } catch { throw ValidationFailure(field: "policy", reason: "\(error)") }
    }

    private static func wholeIfAny(_ row: Columns, _ index: Int32) throws(ValidationFailure) -> Int64? {
        row.isNull(index) ? nil : try whole(row, index)
    }

    /// What each channel has fenced off of a SKU.
    func fences(of sku: Int64) throws(StoreError) -> [ChannelID: Int64] {
        try perform { db in
            var found: [ChannelID: Int64] = [:]
            // A SKU's own rule takes the place of the channel's, and comes after it.
            try db.rows(
                """
                SELECT channel.id, ring_fence FROM stock_policy JOIN channel ON channel.num = stock_policy.channel
                WHERE sku IN (0, ?1) AND channel.state <> 'retired' ORDER BY sku
                """
            ) { $0.set(1, sku) } _: { row in
                found[try ChannelID(row, at: 0)] = try row.integer(1)
                return true
            }
            return found
        }
    }
}

extension Writing {
    func fences(of sku: Int64) throws(StoreError) -> [ChannelID: Int64] {
        let reading = self.reading
        return try perform { _ in try desk.stock.fences(of: sku) { try reading.fences(of: sku) } }
    }

    /// Sets how much a channel is shown of a SKU, or of all that have no rule of their own.
    package func setPublishingPolicy(
        _ policy: PublishingPolicy, of channel: ChannelID, sku: EntityRef? = nil
    ) throws(StoreError) {
        let record = try reading.requireChannel(channel)
        let number: Int64 = if let sku { try skuNumber(sku) } else { 0 }
        desk.stock.forgetRules()
        try perform { db in
            try db.run(
                """
                INSERT INTO stock_policy (channel, sku, share, floor, cap, ring_fence, buffer) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (sku, channel) DO UPDATE SET share = excluded.share, floor = excluded.floor, cap = excluded.cap,
                    ring_fence = excluded.ring_fence, buffer = excluded.buffer
                """
            ) { row in
                let values = [record.number, number, policy.share, policy.floor, policy.cap, policy.ringFence, policy.buffer]
                for (index, value) in values.enumerated() { row.set(Int32(index) + 1, value) }
            }
            // What channels are shown of it may differ from now on, though no unit has moved.
            let touched = number == 0 ? try db.all("SELECT DISTINCT sku FROM stock ORDER BY sku", { _ in }, { try $0.integer(0) }) : [number]
            for sku in touched { try db.move(.stock, sku, to: desk.nextSequence()) }
        }
    }
}
