package import Commerce
import GRDB

extension Reading {
    /// How a channel's orders are treated; the standard where nobody said otherwise.
    package func orderPolicy(of channel: ChannelID?) throws(StoreError) -> OrderPolicy {
        guard let channel else { return .standard }
        return try perform { db in
            try db.first(
                "SELECT body FROM order_policy JOIN channel ON channel.num = order_policy.channel WHERE channel.id = ?"
            ) { $0.set(1, channel.text) } _: { row in
                do { return try OrderPolicy(try JSON.parse(try row.bytes(0))) } catch {
                    throw StoreError.corrupt("the order policy of \(channel): \(error)")
                }
            }
        } ?? .standard
    }
}

extension Writing {
    /// Sets how a channel's orders are treated from now on.
    ///
    /// Timers of orders that rest are set anew when something happens to them.
    package func setOrderPolicy(_ policy: OrderPolicy, of channel: ChannelID) throws(StoreError) {
        let number = try reading.requireChannel(channel).number
        for warehouse in policy.warehouses { _ = try reading.requireWarehouse(warehouse) }
        try perform { db in
            try db.run(
                "INSERT INTO order_policy (channel, body) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET body = excluded.body"
            ) { row in
                row.set(1, number)
                row.set(2, policy.json.bytes)
            }
        }
    }
}
