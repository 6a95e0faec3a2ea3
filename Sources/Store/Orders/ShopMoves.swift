package import Commerce
import GRDB

/// Something a channel's shoppers may be shown otherwise since a place in the feed.
package struct ShopMove: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case stock(EntityRef)
        case order(String)
    }

    package let sequence: Int64
    package let subject: Subject
}

extension Reading {
    /// Stock of any SKU and orders of the channel that moved past a place, oldest first, each once at its newest.
    package func shopMoves(of channel: ChannelRecord, after position: Int64, limit: Int) throws(StoreError) -> [ShopMove] {
        try perform { db in
            try db.all(
                """
                SELECT moved.seq, 'sku', entity.id FROM moved JOIN entity ON entity.num = moved.subject
                WHERE moved.aspect = 'stock' AND moved.seq > ?2
                UNION ALL SELECT moved.seq, 'order', order_head.number FROM moved JOIN order_head ON order_head.num = moved.subject
                WHERE moved.aspect = 'order' AND moved.seq > ?2 AND order_head.channel = ?1
                ORDER BY 1 LIMIT ?3
                """
            ) { row in
                row.set(1, channel.number)
                row.set(2, position)
                row.set(3, Int64(limit))
            } _: { row in
                let text = try row.text(2)
                if try row.text(1) == "order" { return ShopMove(sequence: try row.integer(0), subject: .order(text)) }
                guard let id = EntityID(text) else { throw StoreError.corrupt("a SKU that moved has no id") }
                return ShopMove(sequence: try row.integer(0), subject: .stock(EntityRef(.sku, id)))
            }
        }
    }
}
