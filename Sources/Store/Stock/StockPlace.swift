import Commerce
import GRDB

/// One SKU at one warehouse, by their numbers.
struct StockPlace: Hashable, Comparable {
    let sku: Int64
    let warehouse: Int64

    static func < (left: StockPlace, right: StockPlace) -> Bool {
        (left.sku, left.warehouse) < (right.sku, right.warehouse)
    }
}

/// What is written down of a place.
struct StockLine: Hashable {
    var balance: StockBalance
    var alertBelow: Int64?

    static let none = StockLine(balance: StockBalance(), alertBelow: nil)

    /// Whether a channel may be shown another number after this than after `other`.
    func shows(otherThan other: StockLine) -> Bool {
        balance.pool != other.balance.pool || balance.rights != other.balance.rights
            || balance.backorderRoom != other.balance.backorderRoom
    }
}

extension Database {
    /// What is written down of a place; nil where nothing ever was.
    func stockLine(_ place: StockPlace) throws -> StockLine? {
        var rights: [ChannelID: Int64] = [:]
        try rows(StockPlace.rightsAt) { parameters in
            parameters.set(1, place.sku)
            parameters.set(2, place.warehouse)
        } _: { row in
            rights[try ChannelID(row, at: 0)] = try row.integer(1)
            return true
        }
        return try first(StockPlace.lineAt) { parameters in
            parameters.set(1, place.sku)
            parameters.set(2, place.warehouse)
        } _: { row in
            StockLine(
                balance: StockBalance(
                    pool: try row.integer(0), safety: try row.integer(1), rights: rights, reserved: try row.integer(2),
                    sold: try row.integer(3), damaged: try row.integer(4), transit: try row.integer(5),
                    backordered: try row.integer(6), forced: try row.integer(7), backorderLimit: try row.integer(8)),
                alertBelow: try row.integerIfAny(9))
        }
    }

    /// Writes a place's balances down; the checks of its row have the last word.
    func write(_ line: StockLine, at place: StockPlace, instead old: StockLine?) throws {
        let balance = line.balance
        try run(old == nil ? StockPlace.insert : StockPlace.update) { row in
            let values = [
                balance.pool, balance.safety, balance.rightsTotal, balance.reserved, balance.sold, balance.damaged,
                balance.transit, balance.backordered, balance.forced, balance.backorderLimit, line.alertBelow,
            ]
            for (index, value) in values.enumerated() { row.set(Int32(index) + 1, value) }
            row.set(12, place.sku)
            row.set(13, place.warehouse)
        }
        let before = old?.balance.rights ?? [:]
        let changed = Set(before.keys).union(balance.rights.keys).filter { before[$0] != balance.rights[$0] }
        for channel in changed.sorted() {
            try run(StockPlace.putRight) { row in
                row.set(1, channel.text)
                row.set(2, place.sku)
                row.set(3, place.warehouse)
                row.set(4, balance.rights[channel] ?? 0)
            }
        }
    }
}

extension StockPlace {
    fileprivate static let lineAt = """
        SELECT pool, safety, reserved, sold, damaged, transit, backordered, forced, backorder_limit, alert_below
        FROM stock WHERE sku = ? AND warehouse = ?
        """
    fileprivate static let rightsAt = """
        SELECT channel.id, granted FROM stock_right JOIN channel ON channel.num = stock_right.channel
        WHERE sku = ? AND warehouse = ? AND granted > 0
        """
    fileprivate static let insert = """
        INSERT INTO stock (pool, safety, rights, reserved, sold, damaged, transit, backordered, forced, backorder_limit,
            alert_below, sku, warehouse) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """
    fileprivate static let update = """
        UPDATE stock SET pool = ?1, safety = ?2, rights = ?3, reserved = ?4, sold = ?5, damaged = ?6, transit = ?7,
            backordered = ?8, forced = ?9, backorder_limit = ?10, alert_below = ?11 WHERE sku = ?12 AND warehouse = ?13
        """
    // What a channel has sold meanwhile need not be taken back from it any more.
    fileprivate static let putRight = """
        INSERT INTO stock_right (channel, sku, warehouse, granted)
            VALUES ((SELECT num FROM channel WHERE id = ?1), ?2, ?3, ?4)
        ON CONFLICT (sku, warehouse, channel) DO UPDATE
            SET granted = excluded.granted, withdrawing = min(withdrawing, excluded.granted)
        """
}

extension ChannelID {
    init(_ row: Columns, at index: Int32) throws(StoreError) {
        guard let id = ChannelID(try row.text(index)) else { throw .corrupt("a channel's id cannot be read") }
        self = id
    }
}
