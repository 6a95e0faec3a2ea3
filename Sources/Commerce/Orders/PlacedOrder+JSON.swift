extension PlacedOrder {
    package var json: JSON {
        .members([
            ("number", .string(number)), ("channel", .string(channel.text)), ("external_number", .text(externalNumber)),
            ("member", member.map { .string($0.text) }), ("buyer", buyer.json), ("currency", .string(currency.code)),
            ("lines", .array(lines.map(\.json))), ("steps", .list(steps.map(\.json))),
            ("coupons", .list(coupons.map(JSON.string))), ("remark", .text(remark)), ("pick_up", pickUp?.json),
            ("payment_due", paymentDue.map { .integer($0.milliseconds) }),
        ])
    }

    package init(_ value: JSON, path: String = "") throws(ValidationFailure) {
        var reader = try ValueReader(
            value, path: path,
            allowed: [
                "number", "channel", "external_number", "member", "buyer", "currency", "lines", "steps", "coupons", "remark",
                "pick_up", "payment_due",
            ])
        guard let channel = ChannelID(try reader.needed("channel")) else { throw reader.fail("channel", "is no channel's id") }
        var lines: [OrderLine] = []
        var total: Int64 = 0
        for (index, value) in try reader.elements("lines", max: PricedOrder.linesMax).enumerated() {
            let line = try OrderLine(value, number: index + 1, path: "\(reader.field("lines"))[\(index)]")
            total += line.payable
            guard total <= Money.amountMax else { throw reader.fail("lines", "come to more than \(Money.amountMax) minor units") }
            lines.append(line)
        }
        guard !lines.isEmpty else { throw reader.fail("lines", "must not be empty") }
        guard let buyer = try reader.raw("buyer", required: true) else { throw reader.fail("buyer", "is required") }
        var pickUp: PickUp?
        if let value = try reader.raw("pick_up") { pickUp = try PickUp(value, path: reader.field("pick_up")) }
        let steps = try reader.each("steps", max: PriceStep.most) { value, path throws(ValidationFailure) in
            try PriceStep(value, path: path, lines: lines.count)
        }
        let due = try reader.integer("payment_due", in: PriceValue.instants)
        self.init(
            number: try reader.needed("number", max: 40), channel: channel,
            externalNumber: try reader.text("external_number", max: 128), member: try reader.id("member"),
            buyer: try Buyer(buyer, path: reader.field("buyer")), currency: try reader.currency("currency"), lines: lines,
            steps: steps, coupons: try reader.strings("coupons", max: 100),
            remark: try reader.text("remark", max: 500, lines: true), pickUp: pickUp,
            paymentDue: due.map { Timestamp(milliseconds: $0) })
    }
}

extension OrderLine {
    /// Its number is its place, and so is not written.
    package var json: JSON {
        let parts = components.map { JSON.members([("sku", .string($0.sku.text)), ("units", .integer($0.units))]) }
        return .members(
            [("title", .text(title)), ("not_sent", isSent ? nil : true), ("components", .list(parts))] + priced.members)
    }

    package init(_ value: JSON, number: Int, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["title", "not_sent", "components"] + PricedLine.names)
        self.init(
            number: number, title: try reader.plain("title"), priced: try PricedLine(&reader),
            isSent: try reader.bool("not_sent") != true,
            components: try reader.each("components", max: 100) { value, path throws(ValidationFailure) in
                var reader = try ValueReader(value, path: path, allowed: ["sku", "units"])
                return Component(sku: try reader.neededID("sku"), units: try reader.needed("units", in: 1...StockQuantity.movedMax))
            })
    }
}

extension Buyer {
    var json: JSON {
        .members([
            ("name", .text(name)), ("phone", .text(phone)), ("region", .list(region.codes.map(JSON.string))),
            ("address", .text(address)),
        ])
    }

    init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["name", "phone", "region", "address"])
        self.init(
            name: try reader.plain("name", max: 100), phone: try reader.plain("phone", max: 40),
            region: Region(try reader.strings("region", max: 8, length: 40)), address: try reader.plain("address"))
    }
}

extension PickUp {
    var json: JSON { ["place": .string(place.text), "code": .string(code)] }

    init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["place", "code"])
        self.init(place: try reader.warehouse("place"), code: try reader.needed("code", max: 32))
    }
}
