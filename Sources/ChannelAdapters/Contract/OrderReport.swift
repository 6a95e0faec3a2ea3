package import Commerce

/// What became of one order at a channel: facts in the channel's words, to be read with its names.
package struct OrderReport: Hashable, Sendable {
    package struct Fact: Hashable, Sendable {
        package let kind: OrderFact.Kind
        /// When it happened, by the channel's clock.
        package let at: Timestamp
        package let body: JSON
    }

    /// The channel's own number.
    package let order: String
    package let facts: [Fact]

    /// The most orders in one message, and the most facts of one.
    private static let most = 100

    static func list(_ json: JSON) throws(ValidationFailure) -> [OrderReport] {
        var reader = try ValueReader(json, allowed: ["orders"])
        let reports = try reader.each("orders", max: most, OrderReport.init)
        guard !reports.isEmpty else { throw reader.fail("orders", "is required: 1 to \(most) orders") }
        _ = try reader.raw("orders", required: true)
        reader.keep("orders", .null)
        return reports
    }

    init(_ json: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(json, path: path, allowed: ["order", "facts"])
        let order = try reader.needed("order", max: 64)
        guard order.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw reader.fail("order", "must be printable ASCII characters without spaces")
        }
        self.order = order
        facts = try reader.each("facts", max: OrderReport.most) { value, path throws(ValidationFailure) in
            var reader = try ValueReader(value, path: path, allowed: ["kind", "at", "body"])
            return Fact(
                kind: try reader.word("kind", as: OrderFact.Kind.self),
                at: Timestamp(milliseconds: try reader.needed("at", in: 0...253_402_300_799_999)), body: try reader.raw("body") ?? [:])
        }
        guard !facts.isEmpty else { throw reader.fail("facts", "must not be empty") }
    }
}

/// How an order stands, as a channel is told.
package struct OrderStanding: Hashable, Sendable {
    /// What the channel calls it; our number where it was placed with us.
    package let order: String
    /// Grows with everything that happens to it; an older one is not to replace a newer.
    package let version: Int64
    package let content: JSON

    package init(order: String, version: Int64, content: JSON) {
        self.order = order
        self.version = version
        self.content = content
    }
}

extension ChannelAdapter {
    package func tell(_ orders: [OrderStanding], generation: String) async throws(ChannelError) -> [String?] {
        throw .rejected(field: "orders", reason: "this channel takes none")
    }
}
