/// What somebody wants to hold, summed before anything is looked at.
///
/// Two lines of an order, or two parts of bundles in it, may want the same SKU: looked at
/// one by one, each would find the last unit.
package struct StockDemand: Hashable, Sendable {
    /// Units of one SKU for one line of an order.
    package struct Part: Hashable, Sendable {
        package let line: String
        package let sku: SKUID
        package let quantity: Int64

        package init(line: String, sku: SKUID, quantity: Int64) {
            self.line = line
            self.sku = sku
            self.quantity = quantity
        }
    }

    /// One part for each line and SKU, by SKU and then line.
    package let parts: [Part]
    /// What is wanted of each SKU, by SKU.
    package let totals: [(sku: SKUID, quantity: Int64)]

    /// The most parts one order may have, bundles taken apart.
    package static let partsMax = 5_000

    /// - Throws: ``ValidationFailure`` for none, too many, or a quantity out of bounds.
    package init(_ wanted: [Part]) throws(ValidationFailure) {
        guard !wanted.isEmpty else { throw ValidationFailure(field: "lines", reason: "must not be empty") }
        guard wanted.count <= StockDemand.partsMax else {
            throw ValidationFailure(field: "lines", reason: "must be at most \(StockDemand.partsMax), bundles taken apart")
        }
        for (index, part) in wanted.enumerated() {
            guard (1...64).contains(part.line.utf8.count) else {
                throw ValidationFailure(field: "lines[\(index)].line", reason: "must be 1 to 64 bytes")
            }
            try StockQuantity.check(part.quantity, field: "lines[\(index)].quantity")
        }
        let sorted = wanted.sorted {
            if $0.sku != $1.sku { return $0.sku < $1.sku }
            return ByteOrder.precedes($0.line, $1.line)
        }
        var parts: [Part] = []
        var totals: [(sku: SKUID, quantity: Int64)] = []
        for part in sorted {
            if let last = parts.last, last.sku == part.sku, last.line == part.line {
                parts[parts.count - 1] = Part(line: part.line, sku: part.sku, quantity: last.quantity + part.quantity)
            } else {
                parts.append(part)
            }
            if let last = totals.last, last.sku == part.sku {
                totals[totals.count - 1].quantity += part.quantity
            } else {
                totals.append((part.sku, part.quantity))
            }
        }
        for (sku, quantity) in totals { try StockQuantity.check(quantity, field: "sku/\(sku)") }
        self.parts = parts
        self.totals = totals
    }

    package static func == (left: Self, right: Self) -> Bool { left.parts == right.parts }
    package func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}

/// What of one warehouse serves a demand.
package struct StockSource: Hashable, Sendable {
    package let warehouse: WarehouseID
    /// What can be had from its pool, and then by promising what is not there.
    package let pool: Int64
    package let backorderRoom: Int64

    package init(_ warehouse: WarehouseID, pool: Int64, backorderRoom: Int64 = 0) {
        self.warehouse = warehouse
        self.pool = max(0, pool)
        self.backorderRoom = max(0, backorderRoom)
    }
}

package enum Allocation {
    /// One warehouse's part, which its pool gives, and what it promises beyond that.
    package struct Share: Hashable, Sendable {
        package let warehouse: WarehouseID
        package var pooled: Int64
        package var owed: Int64
        package var quantity: Int64 { pooled + owed }
    }

    /// Spreads a demand over warehouses; what is shared out always adds up to what was wanted.
    ///
    /// One that has it all goes before several that have it together, the first in the given order
    /// before the later; nothing is promised that is not there while something is.
    ///
    /// - Parameter poolMax: what the pools may give together, which fences make less than they hold.
    /// - Returns: nil when it cannot be met.
    package static func shares(of quantity: Int64, from sources: [StockSource], poolMax: Int64) -> [Share]? {
        let pooled = min(quantity, max(0, poolMax), sources.reduce(0) { $0 + $1.pool })
        let owed = quantity - pooled
        guard owed <= sources.reduce(0, { $0 + $1.backorderRoom }) else { return nil }
        if owed == 0, let one = sources.first(where: { $0.pool >= quantity }) {
            return [Share(warehouse: one.warehouse, pooled: quantity, owed: 0)]
        }
        var (poolLeft, owedLeft) = (pooled, owed)
        var shares: [Share] = []
        for source in sources {
            let share = Share(
                warehouse: source.warehouse, pooled: min(poolLeft, source.pool), owed: min(owedLeft, source.backorderRoom))
            poolLeft -= share.pooled
            owedLeft -= share.owed
            if share.quantity > 0 { shares.append(share) }
        }
        return shares
    }
}
