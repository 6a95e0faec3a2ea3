package import Commerce
import GRDB

/// Something about stock that does not fit together, and what it comes from.
package struct StockDifference: Hashable, Sendable {
    package enum Law: String, Sendable, CaseIterable {
        /// An account shows what its entries add up to.
        case balance
        /// The rights of all channels add up to what the place shows of them.
        case rights
        /// What is reserved is held by somebody.
        case holds
        /// What is sold and has not left belongs to somebody's order.
        case orders
        /// Entries are numbered without a gap: none was taken out.
        case gap
    }

    package let law: Law
    package let sku: EntityRef?
    package let warehouse: WarehouseID?
    /// Which account differs; nil where the law is not about one.
    package let account: StockAccount?
    package let shown: Int64
    package let expected: Int64

    package var subject: String {
        guard let sku, let warehouse else { return "stock entries" }
        return "\(sku)@\(warehouse)"
    }

    package var problem: String {
        let units = "shows \(shown), \(expected) expected"
        return switch law {
        case .balance: "\(account?.description ?? "an account") \(units): its row was altered, or entries of it were"
        case .rights: "the sum of its channels' rights \(units)"
        case .holds: "what is reserved \(units) by the open holds"
        case .orders: "what is sold and not shipped \(units) by the orders that bought it"
        case .gap: "\(expected - shown) of \(expected) entries are missing: they were taken out behind the store's back"
        }
    }
}

extension Reading {
    /// Folds all entries and compares them with what is shown; an empty answer means that it is the same.
    ///
    /// Reads every entry once: seconds for a million. Beside the writer on a reader.
    package func stockDifferences(of sku: EntityRef? = nil, limit: Int = 100) throws(StoreError) -> [StockDifference] {
        try settleStock()
        var subject: Int64?
        if let sku {
            guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
            subject = number
        }
        var found: [StockDifference] = []
        if sku == nil { found += try gap() }
        for (law, sql) in [(StockDifference.Law.balance, Reading.balancesAmiss), (.rights, Reading.rightsAmiss), (.holds, Reading.holdsAmiss), (.orders, Reading.ordersAmiss)]
        where found.count < limit {
            found += try differences(law, sql, subject, limit - found.count)
        }
        return found
    }

    private func gap() throws(StoreError) -> [StockDifference] {
        let (count, newest) = try perform { db in
            try db.first("SELECT count(*), coalesce(max(num), 0) FROM stock_entry") { _ in } _: { (try $0.integer(0), try $0.integer(1)) }
        } ?? (0, 0)
        if count == newest { return [] }
        return [StockDifference(law: .gap, sku: nil, warehouse: nil, account: nil, shown: count, expected: newest)]
    }

    private func differences(
        _ law: StockDifference.Law, _ sql: String, _ sku: Int64?, _ limit: Int
    ) throws(StoreError) -> [StockDifference] {
        try perform { db in
            try db.all(
                """
                SELECT entity.kind, entity.id, warehouse.id, account, shown, expected FROM (\(sql)) AS found
                JOIN entity ON entity.num = found.sku JOIN warehouse ON warehouse.num = found.warehouse
                WHERE shown <> expected AND (?1 IS NULL OR found.sku = ?1) ORDER BY found.sku, found.warehouse, account LIMIT ?2
                """
            ) { parameters in
                parameters.set(1, sku)
                parameters.set(2, Int64(limit))
            } _: { row in
                let account = try row.textIfAny(3)
                // A debt is written as units that are not there.
                let sign: Int64 = account == "backorder" ? -1 : 1
                return StockDifference(
                    law: law, sku: try EntityRef(row, at: 0), warehouse: WarehouseID(try row.text(2)),
                    account: account.flatMap { StockAccount($0) }, shown: sign * (try row.integer(4)),
                    expected: sign * (try row.integer(5)))
            }
        }
    }

    /// What the accounts of a place hold by their entries, a debt as units below zero.
    func folded(_ place: StockPlace) throws(StoreError) -> [StockAccount: Int64] {
        let rows = try perform { db in
            try db.all(
                """
                SELECT account, sum(units) FROM (
                    SELECT from_account AS account, -quantity AS units FROM stock_entry WHERE sku = ?1 AND from_warehouse = ?2
                    UNION ALL SELECT to_account, quantity FROM stock_entry WHERE sku = ?1 AND to_warehouse = ?2)
                WHERE account <> 'outside' GROUP BY account
                """
            ) { parameters in
                parameters.set(1, place.sku)
                parameters.set(2, place.warehouse)
            } _: { row in
                guard let account = StockAccount(try row.text(0)) else { throw StoreError.corrupt("an account of a stock entry cannot be read") }
                return (account, try row.integer(1))
            }
        }
        return Dictionary(rows, uniquingKeysWith: +)
    }

    private static let columns = ["pool", "safety", "reserved", "sold", "damaged", "transit"]
    private static let shownAccounts = columns.map {
        "SELECT sku, warehouse, '\($0)' AS account, 0 AS units, \($0) AS seen FROM stock"
    }.joined(separator: " UNION ALL ")

    private static let balancesAmiss = """
        SELECT sku, warehouse, account, sum(seen) AS shown, sum(units) AS expected FROM (
            \(shownAccounts)
            UNION ALL SELECT sku, warehouse, 'backorder', 0, -backordered FROM stock
            UNION ALL SELECT stock_right.sku, warehouse, 'right:' || channel.id, 0, granted FROM stock_right
                JOIN channel ON channel.num = stock_right.channel
            UNION ALL SELECT sku, from_warehouse, from_account, -quantity, 0 FROM stock_entry WHERE from_account <> 'outside'
            UNION ALL SELECT sku, to_warehouse, to_account, quantity, 0 FROM stock_entry WHERE to_account <> 'outside')
        GROUP BY sku, warehouse, account
        """
    private static let rightsAmiss = """
        SELECT sku, warehouse, NULL AS account, rights AS shown, (SELECT coalesce(sum(granted), 0) FROM stock_right
            WHERE stock_right.sku = stock.sku AND stock_right.warehouse = stock.warehouse) AS expected FROM stock
        """
    private static let holdsAmiss = """
        SELECT sku, warehouse, 'reserved' AS account, sum(seen) AS shown, sum(units) AS expected FROM (
            SELECT sku, warehouse, reserved AS seen, 0 AS units FROM stock
            UNION ALL SELECT sku, warehouse, 0, quantity FROM hold WHERE state = 'open')
        GROUP BY sku, warehouse
        """
    private static let ordersAmiss = """
        SELECT sku, warehouse, 'sold' AS account, sum(seen) AS shown, sum(units) AS expected FROM (
            SELECT sku, warehouse, sold AS seen, 0 AS units FROM stock
            UNION ALL SELECT sku, warehouse, 0, quantity - shipped - unsold FROM hold WHERE state = 'claimed')
        GROUP BY sku, warehouse
        """
}
