extension PricedLine {
    package var json: JSON { .members(members) }

    var members: [(String, JSON?)] {
        [
            ("sku", .string(sku.text)), ("quantity", .integer(quantity)), ("unit", .integer(unit)),
            ("reduction", .number(reduction)), ("points", .number(points)), ("freight", .number(freight)),
            ("tax", .number(tax)), ("tax_added", .number(taxAdded)),
        ]
    }

    static let names = ["sku", "quantity", "unit", "reduction", "points", "freight", "tax", "tax_added"]

    package init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: PricedLine.names)
        try self.init(&reader)
    }

    init(_ reader: inout ValueReader) throws(ValidationFailure) {
        self.init(
            sku: try reader.neededID("sku"), quantity: try reader.needed("quantity", in: 1...StockQuantity.movedMax),
            unit: try reader.needed("unit", in: 0...Money.amountMax), reduction: try reader.count("reduction"),
            points: try reader.count("points"), freight: try reader.count("freight"), tax: try reader.count("tax"),
            taxAdded: try reader.count("tax_added"))
        guard let gross = unit.times(quantity), gross <= Money.amountMax else {
            throw reader.fail("unit", "times the quantity is more than \(Money.amountMax) minor units")
        }
        guard reduction <= gross else { throw reader.fail("reduction", "is more than the goods cost, \(gross)") }
        guard payable <= Money.amountMax else { throw reader.fail("freight", "makes the line more than \(Money.amountMax)") }
    }
}

extension PriceStep {
    /// Only the lines it touched, each as its place and what it added: most rules are about few lines of many.
    package var json: JSON {
        let touched = lines.enumerated().filter { $0.element != 0 }
        return .members([
            ("step", .string(name.rawValue)), ("rule", .text(rule)), ("words", .text(words)),
            ("lines", .list(touched.map { [.integer(Int64($0.offset)), .integer($0.element)] })),
        ])
    }

    /// - Parameter count: how many lines the order has.
    package init(_ value: JSON, path: String, lines count: Int) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["step", "rule", "words", "lines"])
        var lines = Array(repeating: Int64(0), count: count)
        for (index, value) in try reader.elements("lines", max: count).enumerated() {
            guard let pair = value.array, pair.count == 2, let line = pair[0].integer, let amount = pair[1].integer,
                (0..<Int64(count)).contains(line), (-Money.amountMax...Money.amountMax).contains(amount)
            else {
                throw ValidationFailure(
                    field: "\(reader.field("lines"))[\(index)]", reason: "must be a line's place and an amount, such as [0, -100]")
            }
            lines[Int(line)] = amount
        }
        self.init(
            name: try reader.word("step", as: Name.self), rule: try reader.plain("rule"), words: try reader.plain("words"),
            lines: lines)
    }

    /// More than any order has: a step for each line and rule.
    package static let most = 10_000
}

extension PricedOrder {
    /// What a quote is kept as.
    package var json: JSON {
        .members([
            ("currency", .string(currency.code)), ("lines", .array(lines.map(\.json))), ("steps", .list(steps.map(\.json))),
            ("points", .number(points)),
        ])
    }

    package init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(value, allowed: ["currency", "lines", "steps", "points"])
        let lines = try reader.each("lines", max: PricedOrder.linesMax, PricedLine.init)
        let steps = try reader.each("steps", max: PriceStep.most) { value, path throws(ValidationFailure) in
            try PriceStep(value, path: path, lines: lines.count)
        }
        guard !lines.isEmpty else { throw reader.fail("lines", "must not be empty") }
        self.init(currency: try reader.currency("currency"), lines: lines, steps: steps, points: try reader.count("points"))
    }
}

extension Money {
    var members: JSON { .members([("amount", .integer(amount)), ("currency", .string(currency.code))]) }

    init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["amount", "currency"])
        self.init(amount: try reader.needed("amount", in: 0...Money.amountMax), currency: try reader.currency("currency"))
    }
}
