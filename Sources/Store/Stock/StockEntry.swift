package import Commerce
import GRDB

/// One movement as it was written down; never altered.
package struct StockEntry: Hashable, Sendable {
    package let number: Int64
    package let sku: EntityRef
    package let kind: StockEntryKind
    /// None where something was looked at and found right.
    package let quantity: Int64
    package let from: StockAccount
    package let fromWarehouse: WarehouseID
    package let to: StockAccount
    package let toWarehouse: WarehouseID
    package let cause: String
    package let at: Timestamp
    /// Who did it; nil for what the ledger does by itself.
    package let author: String?
    package let reason: String?

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        sku = try EntityRef(row, at: 1)
        guard let kind = StockEntryKind(rawValue: try row.text(3)), let from = StockAccount(try row.text(5)),
            let to = StockAccount(try row.text(7)), let source = WarehouseID(try row.text(6)), let target = WarehouseID(try row.text(8))
        else { throw .corrupt("stock entry \(number) cannot be read") }
        self.kind = kind
        quantity = try row.integer(4)
        (self.from, self.to, fromWarehouse, toWarehouse) = (from, to, source, target)
        cause = try row.text(9)
        at = Timestamp(milliseconds: try row.integer(10))
        author = try row.textIfAny(11)
        reason = try row.textIfAny(12)
    }

    static let select = """
        SELECT stock_entry.num, entity.kind, entity.id, stock_entry.kind, quantity, from_account, source.id, to_account,
            target.id, cause, stock_entry.at, author, reason
        FROM stock_entry JOIN entity ON entity.num = stock_entry.sku
        JOIN warehouse AS source ON source.num = from_warehouse JOIN warehouse AS target ON target.num = to_warehouse
        """
}

extension Reading {
    /// A SKU's movements, newest first, before (that is, older than) a number.
    package func stockEntries(_ sku: EntityRef, before number: Int64? = nil, limit: Int) throws(StoreError) -> [StockEntry] {
        guard let subject = try entityNumber(sku) else { throw .notFound(sku.description) }
        return try perform { db in
            try db.all(
                StockEntry.select + " WHERE stock_entry.sku = ?1 AND stock_entry.num < ?2 ORDER BY stock_entry.num DESC LIMIT ?3"
            ) { parameters in
                parameters.set(1, subject)
                parameters.set(2, number ?? .max)
                parameters.set(3, Int64(limit))
            } _: { try StockEntry($0) }
        }
    }

    /// What was moved for a cause, in the order of its parts; empty when it is not known.
    package func stockEntries(cause: StockCause) throws(StoreError) -> [StockEntry] {
        try perform { db in
            try db.all(StockEntry.select + " WHERE cause = ? ORDER BY part") { $0.set(1, cause.text) } _: { try StockEntry($0) }
        }
    }
}
