import Commerce

/// Units one account of one warehouse gives.
struct Piece {
    let warehouse: Warehouse
    let account: StockAccount
    var quantity: Int64

    init(_ warehouse: Warehouse, _ account: StockAccount, _ quantity: Int64) {
        self.warehouse = warehouse
        self.account = account
        self.quantity = quantity
    }

    /// What one line gets at one warehouse.
    struct Assigned {
        let line: String
        let warehouse: Warehouse
        var sources: [(account: StockAccount, quantity: Int64)]
        var quantity: Int64 { sources.reduce(0) { $0 + $1.quantity } }
    }

    /// Deals pieces out to lines; both add up to the same.
    static func assign(_ pieces: [Piece], to parts: [StockDemand.Part]) -> [Assigned] {
        var left = pieces.sorted { ($0.warehouse.place, $0.warehouse.id.text) < ($1.warehouse.place, $1.warehouse.id.text) }[...]
        var found: [Assigned] = []
        for part in parts {
            var wanted = part.quantity
            while wanted > 0, let piece = left.first {
                let taken = min(wanted, piece.quantity)
                if let last = found.last, last.line == part.line, last.warehouse == piece.warehouse {
                    found[found.count - 1].sources.append((piece.account, taken))
                } else {
                    found.append(Assigned(line: part.line, warehouse: piece.warehouse, sources: [(piece.account, taken)]))
                }
                wanted -= taken
                if taken == piece.quantity { left.removeFirst() } else { left[left.startIndex].quantity -= taken }
            }
        }
        return found
    }
}
