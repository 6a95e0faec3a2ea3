package import Commerce

/// An order a channel has taken by itself, as it tells of it.
package struct SaleReport: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let line: String
        package let sku: RemoteRef
        package let quantity: Int64
    }

    /// The channel's own number; the same order again is the same report.
    package let order: String
    /// When it was taken, by the channel's clock.
    package let takenAt: Timestamp?
    package let lines: [Line]

    /// - Throws: ``ValidationFailure`` naming the member that is wrong.
    package init(json: JSON) throws(ValidationFailure) {
        guard let order = json["order"]?.string, (1...64).contains(order.utf8.count), order.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ValidationFailure(field: "order", reason: "is required: 1 to 64 printable ASCII characters without spaces") }
        guard let list = json["lines"]?.array, !list.isEmpty, list.count <= 1_000 else {
            throw ValidationFailure(field: "lines", reason: "is required: 1 to 1000 lines")
        }
        if let at = json["at"], !at.isNull, at.integer == nil {
            throw ValidationFailure(field: "at", reason: "must be milliseconds since 1970")
        }
        self.order = order
        takenAt = json["at"]?.integer.map { Timestamp(milliseconds: $0) }
        var lines: [Line] = []
        for (index, item) in list.enumerated() {
            guard let sku = item["sku"]?.string, (1...128).contains(sku.utf8.count) else {
                throw ValidationFailure(field: "lines[\(index)].sku", reason: "is required: the SKU's id, 1 to 128 bytes")
            }
            guard let quantity = item["quantity"]?.integer else {
                throw ValidationFailure(field: "lines[\(index)].quantity", reason: "is required and must be a whole number")
            }
            try StockQuantity.check(quantity, field: "lines[\(index)].quantity")
            lines.append(
                Line(line: item["line"]?.string ?? "\(index + 1)", sku: RemoteRef(kind: .sku, id: sku), quantity: quantity))
        }
        self.lines = lines
    }
}
