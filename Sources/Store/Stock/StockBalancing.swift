package import Commerce
import GRDB

extension Reading {
    /// SKUs whose rights follow demand, in order of their creation after one, with the units that are spread.
    package func balancings(after number: Int64 = 0, limit: Int) throws(StoreError) -> [(number: Int64, sku: EntityRef, units: Int64)] {
        try perform { db in
            try db.all(
                """
                SELECT stock_balancing.sku, entity.kind, entity.id, units FROM stock_balancing
                JOIN entity ON entity.num = stock_balancing.sku WHERE stock_balancing.sku > ? ORDER BY stock_balancing.sku LIMIT ?
                """
            ) { parameters in
                parameters.set(1, number)
                parameters.set(2, Int64(limit))
            } _: { (number: try $0.integer(0), sku: try EntityRef($0, at: 1), units: try $0.integer(3)) }
        }
    }
}

extension Writing {
    /// Lets the rights to a SKU follow demand.
    ///
    /// - Parameter units: how many are spread over the channels that have a right; nil leaves rights where they are.
    package func setBalancing(_ sku: EntityRef, units: Int64?) throws(StoreError) {
        guard (0...StockQuantity.movedMax).contains(units ?? 0) else {
            throw .invalid(ValidationFailure(field: "units", reason: "must be from 0 to \(StockQuantity.movedMax)"))
        }
        let number = try skuNumber(sku)
        try perform { db in
            guard let units else { return try db.run("DELETE FROM stock_balancing WHERE sku = ?") { $0.set(1, number) } }
            try db.run("INSERT INTO stock_balancing (sku, units) VALUES (?1, ?2) ON CONFLICT (sku) DO UPDATE SET units = ?2") { row in
                row.set(1, number)
                row.set(2, units)
            }
        }
    }
}
