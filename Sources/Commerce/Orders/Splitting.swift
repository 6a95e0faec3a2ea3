/// How a seller wants an order divided among his warehouses.
package struct SplitRule: Hashable, Sendable {
    /// Those that may send, the preferred one first.
    package let warehouses: [WarehouseID]
    /// Whether a line may come in two parcels.
    package let linesStayWhole: Bool

    package init(warehouses: [WarehouseID], linesStayWhole: Bool = false) {
        self.warehouses = warehouses
        self.linesStayWhole = linesStayWhole
    }
}

/// A line to be sent from somewhere.
package struct SplitLine: Hashable, Sendable {
    package let line: Int
    package let sku: EntityID
    package let pieces: Int64
    /// Lines of two groups never share a parcel: frozen goods, goods on pre-order.
    package let group: String

    package init(line: Int, sku: EntityID, pieces: Int64, group: String = "") {
        self.line = line
        self.sku = sku
        self.pieces = pieces
        self.group = group
    }
}

/// What one warehouse is to send together.
package struct SplitParcel: Hashable, Sendable {
    package let warehouse: WarehouseID
    package let group: String
    package let lines: [LinePieces]
}

/// Pieces no warehouse can send.
package struct SplitShortfall: Error, Hashable, Sendable, CustomStringConvertible {
    package let missing: [LinePieces]

    package init(missing: [LinePieces]) { self.missing = missing }

    package var description: String {
        let words = missing.map { "\($0.pieces) of line \($0.line)" }
        return "no warehouse can send \(words.joined(separator: ", "))"
    }
}

/// Divides an order among warehouses: all of it or none, and exactly what was ordered.
package enum Splitting {
    /// One warehouse for a group if one can; else the one that can send most of it, then the next.
    ///
    /// - Parameter stock: what each warehouse could send; lines of one SKU share it.
    /// - Throws: ``SplitShortfall`` with what cannot be sent at all. With lines that stay whole it may also name a line
    ///   that would fit if another were sent from elsewhere.
    package static func plan(
        _ lines: [SplitLine], stock: [WarehouseID: [EntityID: Int64]], rule: SplitRule
    ) throws(SplitShortfall) -> [SplitParcel] {
        var stock = stock
        var parcels: [SplitParcel] = []
        var missing: [LinePieces] = []
        for group in groups(lines) {
            var left = lines.filter { $0.group == group && $0.pieces > 0 }
            while !left.isEmpty {
                guard let (warehouse, taken) = best(for: left, stock, rule) else { break }
                for part in taken {
                    guard let index = left.firstIndex(where: { $0.line == part.line }) else { continue }
                    let line = left[index]
                    stock[warehouse]?[line.sku, default: 0] -= part.pieces
                    let rest = line.pieces - part.pieces
                    left[index] = SplitLine(line: line.line, sku: line.sku, pieces: rest, group: group)
                }
                left.removeAll { $0.pieces == 0 }
                parcels.append(SplitParcel(warehouse: warehouse, group: group, lines: taken))
            }
            missing += left.map { LinePieces(line: $0.line, pieces: $0.pieces) }
        }
        guard missing.isEmpty else { throw SplitShortfall(missing: missing) }
        return parcels
    }

    /// In the order in which the lines name them.
    private static func groups(_ lines: [SplitLine]) -> [String] {
        lines.reduce(into: []) { if !$0.contains($1.group) { $0.append($1.group) } }
    }

    private static func best(
        for lines: [SplitLine], _ stock: [WarehouseID: [EntityID: Int64]], _ rule: SplitRule
    ) -> (WarehouseID, [LinePieces])? {
        var best: (WarehouseID, [LinePieces], Int64)?
        for warehouse in rule.warehouses {
            let parts = send(lines, stock[warehouse] ?? [:], rule)
            let pieces = parts.reduce(0) { $0 + $1.pieces }
            // Only more is better, so that of equals the preferred one stays.
            if pieces > best?.2 ?? 0 { best = (warehouse, parts, pieces) }
        }
        return best.map { ($0.0, $0.1) }
    }

    private static func send(_ lines: [SplitLine], _ stock: [EntityID: Int64], _ rule: SplitRule) -> [LinePieces] {
        var stock = stock
        var parts: [LinePieces] = []
        for line in lines {
            let there = max(0, stock[line.sku] ?? 0)
            let pieces = rule.linesStayWhole ? (there >= line.pieces ? line.pieces : 0) : min(there, line.pieces)
            guard pieces > 0 else { continue }
            stock[line.sku] = there - pieces
            parts.append(LinePieces(line: line.line, pieces: pieces))
        }
        return parts
    }
}
