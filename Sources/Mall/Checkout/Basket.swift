package import Commerce

/// What somebody wants to buy, and how: all that a price depends on, and no price.
package struct Basket: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let sku: EntityID
        package let quantity: Int64

        package init(sku: EntityID, quantity: Int64) {
            self.sku = sku
            self.quantity = quantity
        }
    }

    package var channel: ChannelID
    /// nil for a guest.
    package var member: EntityID?
    package var lines: [Line]
    package var currency: Currency
    /// In the order the buyer named them.
    package var coupons: [String] = []
    /// Points to be paid with, at most; fewer are used where fewer are worth something.
    package var points: Int64 = 0
    /// Where it goes; freight and tax depend on it.
    package var destination: Region?
    /// Where it is fetched, instead.
    package var pickUp: WarehouseID?
    /// The language of titles.
    package var locale: String

    package init(
        channel: ChannelID, member: EntityID? = nil, lines: [Line], currency: Currency, locale: String
    ) {
        self.channel = channel
        self.member = member
        self.lines = lines
        self.currency = currency
        self.locale = locale
    }
}

/// A basket with what it costs: what is promised to the buyer for a while.
package struct Offer: Hashable, Sendable {
    package let currency: Currency
    package let lines: [OrderLine]
    /// How every number came about.
    package let steps: [PriceStep]
    package let coupons: [String]
    package let points: Int64
    /// Promotions of which there are only so many.
    package let quotas: [String]
    package let destination: Region?
    package let pickUp: WarehouseID?

    package var total: Int64 { lines.reduce(0) { $0 + $1.payable } }
}

extension Offer {
    /// What a quote keeps.
    package var json: JSON {
        var object = JSONObject([
            ("currency", .string(currency.code)), ("lines", .array(lines.map(\.json))), ("steps", .array(steps.map(\.json))),
            ("points", .integer(points)), ("coupons", .array(coupons.map(JSON.string))), ("quotas", .array(quotas.map(JSON.string))),
        ])
        object["destination"] = destination.map { .array($0.codes.map(JSON.string)) }
        object["pick_up"] = pickUp.map { .string($0.text) }
        return .object(object)
    }

    /// Reads what ``json`` wrote.
    package init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(
            value, allowed: ["currency", "lines", "steps", "points", "coupons", "quotas", "destination", "pick_up"])
        var lines: [OrderLine] = []
        for (index, value) in try reader.elements("lines", max: PricedOrder.linesMax).enumerated() {
            lines.append(try OrderLine(value, number: index + 1, path: "lines[\(index)]"))
        }
        guard !lines.isEmpty else { throw reader.fail("lines", "must not be empty") }
        let count = lines.count
        self.init(
            currency: try reader.currency("currency"), lines: lines,
            steps: try reader.each("steps", max: PriceStep.most) { value, path throws(ValidationFailure) in
                try PriceStep(value, path: path, lines: count)
            },
            coupons: try reader.strings("coupons", max: 100), points: try reader.count("points"),
            quotas: try reader.strings("quotas", max: 1_000),
            destination: reader.has("destination") ? Region(try reader.strings("destination", max: 8, length: 40)) : nil,
            pickUp: reader.has("pick_up") ? try reader.warehouse("pick_up") : nil)
    }
}
