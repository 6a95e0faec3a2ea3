package import Commerce
import GRDB

/// Something without versions that looks otherwise since a place in the feed.
///
/// What it looks like is read when it is told to somebody: a channel is told what is true for it then.
package struct Moved: Hashable, Sendable {
    package enum Aspect: String, Sendable {
        /// What there is to sell of a SKU.
        case stock
        /// What has become of an order.
        case order
    }

    package let aspect: Aspect
    package let entity: EntityRef
    package let sequence: Int64
}

extension Database {
    /// Puts something at the end of the feed.
    func move(_ aspect: Moved.Aspect, _ subject: Int64, to sequence: Int64) throws {
        try run(
            """
            INSERT INTO moved (aspect, subject, seq) VALUES (?, ?, ?)
            ON CONFLICT (aspect, subject) DO UPDATE SET seq = excluded.seq
            """
        ) { row in
            row.set(1, aspect.rawValue)
            row.set(2, subject)
            row.set(3, sequence)
        }
    }
}

extension Reading {
    /// What moved past `position` and not past `end`, oldest first, each once.
    func moves(after position: Int64, through end: Int64, limit: Int) throws(StoreError) -> [Moved] {
        try perform { db in
            try db.all(
                """
                SELECT moved.seq, entity.kind, entity.id FROM moved JOIN entity ON entity.num = moved.subject
                WHERE moved.aspect = 'stock' AND moved.seq > ?1 AND moved.seq <= ?2 ORDER BY moved.seq LIMIT ?3
                """
            ) { parameters in
                parameters.set(1, position)
                parameters.set(2, end)
                parameters.set(3, Int64(limit))
            } _: { Moved(aspect: .stock, entity: try EntityRef($0, at: 1), sequence: try $0.integer(0)) }
        }
    }

    /// Where a SKU's stock stands in the feed: the version of every number shown of it. 0 before anything moved.
    package func stockVersion(_ sku: EntityRef) throws(StoreError) -> Int64 {
        guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
        try settleStock()
        return try perform { db in
            try db.first("SELECT seq FROM moved WHERE aspect = 'stock' AND subject = ?") { $0.set(1, number) } _: {
                try $0.integer(0)
            }
        } ?? 0
    }

    /// Has what the running transaction keeps in memory written, before balances are read from their rows.
    func settleStock() throws(StoreError) {
        guard let desk else { return }
        try perform { db in try desk.stock.flush(db, desk) }
    }
}
