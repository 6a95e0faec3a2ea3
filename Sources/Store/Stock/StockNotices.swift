package import Commerce
import GRDB

/// Something that happened to stock and that a person must know.
package struct StockNotice: Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// A channel sold beyond what it may.
        case breach
        /// Fewer goods were counted than are promised.
        case shortage
    }

    package let number: Int64
    package let kind: Kind
    package let sku: EntityRef
    package let warehouse: WarehouseID
    package let channel: ChannelID?
    /// Units it is about, and how many of them nobody has.
    package let quantity: Int64
    package let owed: Int64
    package let cause: String
    package let at: Timestamp
    package let settledAt: Timestamp?
    package let settledBy: String?

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        guard let kind = Kind(rawValue: try row.text(1)), let warehouse = WarehouseID(try row.text(4)) else {
            throw .corrupt("stock notice \(number) cannot be read")
        }
        self.kind = kind
        self.warehouse = warehouse
        sku = try EntityRef(row, at: 2)
        channel = try row.textIfAny(5).flatMap { ChannelID($0) }
        quantity = try row.integer(6)
        owed = try row.integer(7)
        cause = try row.text(8)
        at = Timestamp(milliseconds: try row.integer(9))
        settledAt = try row.integerIfAny(10).map { Timestamp(milliseconds: $0) }
        settledBy = try row.textIfAny(11)
    }
}

extension Reading {
    /// Notices, newest first, before (that is, older than) a number.
    package func stockNotices(open: Bool, before number: Int64? = nil, limit: Int) throws(StoreError) -> [StockNotice] {
        try perform { db in
            try db.all(
                """
                SELECT stock_notice.num, stock_notice.kind, entity.kind, entity.id, warehouse.id, channel.id, quantity, owed,
                    cause, at, settled_at, settled_by
                FROM stock_notice JOIN entity ON entity.num = stock_notice.sku
                JOIN warehouse ON warehouse.num = stock_notice.warehouse
                LEFT JOIN channel ON channel.num = stock_notice.channel
                WHERE (settled_at IS NULL) = ?1 AND stock_notice.num < ?2 ORDER BY stock_notice.num DESC LIMIT ?3
                """
            ) { parameters in
                parameters.set(1, open ? 1 : 0)
                parameters.set(2, number ?? .max)
                parameters.set(3, Int64(limit))
            } _: { try StockNotice($0) }
        }
    }
}

extension Writing {
    func notice(
        _ kind: StockNotice.Kind, at place: StockPlace, channel: ChannelRecord?, quantity: Int64, owed: Int64, cause: StockCause
    ) throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            try db.run(
                """
                INSERT INTO stock_notice (kind, sku, warehouse, channel, quantity, owed, cause, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) { row in
                row.set(1, kind.rawValue)
                row.set(2, place.sku)
                row.set(3, place.warehouse)
                row.set(4, channel?.number)
                row.set(5, quantity)
                row.set(6, owed)
                row.set(7, cause.text)
                row.set(8, now)
            }
        }
    }

    /// Notes that a person has dealt with a notice. Again: nothing changes.
    ///
    /// - Returns: whether it was open.
    @discardableResult
    package func settleNotice(_ number: Int64, by principal: String) throws(StoreError) -> Bool {
        let now = desk.surroundings.time.now().milliseconds
        return try perform { db in
            guard try db.first("SELECT 1 FROM stock_notice WHERE num = ?", { $0.set(1, number) }, { _ in true }) == true else {
                throw StoreError.notFound("stock notice \(number)")
            }
            try db.run("UPDATE stock_notice SET settled_at = ?, settled_by = ? WHERE num = ? AND settled_at IS NULL") { row in
                row.set(1, now)
                row.set(2, principal)
                row.set(3, number)
            }
            return db.changesCount > 0
        }
    }
}
