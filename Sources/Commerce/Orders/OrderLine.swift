/// One line of an order as it was placed, with its share of every reduction and cost.
package struct OrderLine: Hashable, Sendable {
    /// Its place in the order, from 1 on; how facts name it.
    package let number: Int
    package let title: String
    package let priced: PricedLine
    /// Goods that are not sent at all, such as a voucher, wait for no parcel.
    package let isSent: Bool
    /// What one piece is made of when it is a bundle, as it was when it was ordered; none for goods of their own.
    package let components: [Component]

    /// Units of one SKU in a bundle.
    package struct Component: Hashable, Sendable {
        package let sku: EntityID
        package let units: Int64

        package init(sku: EntityID, units: Int64) {
            self.sku = sku
            self.units = units
        }
    }

    package init(number: Int, title: String, priced: PricedLine, isSent: Bool = true, components: [Component] = []) {
        self.number = number
        self.title = title
        self.priced = priced
        self.isSent = isSent
        self.components = components
    }

    /// What so many pieces take from stock.
    package func demand(_ pieces: Int64) -> [StockDemand.Part] {
        guard !components.isEmpty else { return [.init(line: String(number), sku: SKUID(priced.sku), quantity: pieces)] }
        return components.map { .init(line: String(number), sku: SKUID($0.sku), quantity: $0.units.times(pieces) ?? .max) }
    }

    package var quantity: Int64 { priced.quantity }
    package var payable: Int64 { priced.payable }
}

/// Pieces of one line.
package struct LinePieces: Hashable, Sendable {
    package let line: Int
    package let pieces: Int64

    package init(line: Int, pieces: Int64) {
        self.line = line
        self.pieces = pieces
    }
}

/// Pieces of one line and money for them; either may be nothing, as when a scratch is paid for and the goods stay.
package struct LineShare: Hashable, Sendable {
    package let line: Int
    package let pieces: Int64
    /// Minor units of the order's currency.
    package let amount: Int64

    package init(line: Int, pieces: Int64, amount: Int64) {
        self.line = line
        self.pieces = pieces
        self.amount = amount
    }
}
