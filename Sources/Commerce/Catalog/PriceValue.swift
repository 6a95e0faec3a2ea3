/// What one SKU costs in one currency; the currency is in the unit's name.
enum PriceValue {
    static func check(_ value: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(
            value, allowed: ["amount", "compare_at", "cost", "tax_included", "from", "until"])
        try reader.integer("amount", in: 0...Money.amountMax, required: true)
        try reader.integer("compare_at", in: 0...Money.amountMax)
        try reader.integer("cost", in: 0...Money.amountMax)
        try reader.bool("tax_included")
        let from = try reader.integer("from", in: instants)
        let until = try reader.integer("until", in: instants)
        if let from, let until, from >= until { throw reader.fail("until", "must be later than from") }
        return reader.result
    }

    /// Milliseconds since 1970 up to the end of the year 9999.
    static let instants: ClosedRange<Int64> = 0...253_402_300_799_999
}

/// A `price` unit's value, read as what it is.
package struct Price: Hashable, Sendable {
    package let amount: Money
    /// What the price was before it was cut; shops strike it through.
    package let compareAt: Money?
    package let cost: Money?
    package let from: Timestamp?
    package let until: Timestamp?

    /// - Returns: nil when the value has no amount, as none that was validated does.
    package init?(_ value: JSON, currency: Currency) {
        guard let amount = value["amount"]?.integer else { return nil }
        func money(_ name: String) -> Money? { value[name]?.integer.map { Money(amount: $0, currency: currency) } }
        self.amount = Money(amount: amount, currency: currency)
        compareAt = money("compare_at")
        cost = money("cost")
        from = value["from"]?.integer.map { Timestamp(milliseconds: $0) }
        until = value["until"]?.integer.map { Timestamp(milliseconds: $0) }
    }
}
