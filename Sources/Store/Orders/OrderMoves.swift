import Commerce
import GRDB

/// An order of a channel that looks otherwise since a place in the feed.
package struct OrderMove: Hashable, Sendable {
    package let sequence: Int64
    package let number: String
}

extension Reading {
    /// A channel's orders that moved past a place, oldest first, each once.
    package func orderMoves(of channel: ChannelRecord, after position: Int64, limit: Int) throws(StoreError) -> [OrderMove] {
        try perform { db in
            try db.all(
                """
                SELECT moved.seq, order_head.number FROM moved JOIN order_head ON order_head.num = moved.subject
                WHERE moved.aspect = 'order' AND moved.seq > ?2 AND order_head.channel = ?1 ORDER BY moved.seq LIMIT ?3
                """
            ) { row in
                row.set(1, channel.number)
                row.set(2, position)
                row.set(3, Int64(limit))
            } _: { OrderMove(sequence: try $0.integer(0), number: try $0.text(1)) }
        }
    }

    /// Up to where a channel knows how its orders stand.
    package func orderPosition(of channel: ChannelRecord) throws(StoreError) -> Int64 {
        try perform { db in
            try db.first("SELECT position FROM order_told WHERE channel = ?") { $0.set(1, channel.number) } _: { try $0.integer(0) }
        } ?? 0
    }
}

extension Writing {
    /// Notes that a channel knows how its orders stand, up to a place; never back.
    package func moveOrderPosition(of channel: ChannelRecord, to position: Int64) throws(StoreError) {
        try perform { db in
            try db.run(
                """
                INSERT INTO order_told (channel, position) VALUES (?, ?)
                ON CONFLICT (channel) DO UPDATE SET position = max(position, excluded.position)
                """
            ) { row in
                row.set(1, channel.number)
                row.set(2, position)
            }
        }
    }
}
