extension PriceRule {
    private static let common = ["kind", "name", "channels", "begins", "ends", "place", "currency"]

    /// Reads what ``json`` wrote, or what somebody wants to set.
    ///
    /// - Parameter usual: what its amounts are in where it does not say.
    /// - Throws: ``ValidationFailure`` about the first member that is wrong.
    package init(_ id: EntityID, _ value: JSON, usual: Currency? = nil) throws(ValidationFailure) {
        guard let word = value["kind"]?.string, let kind = Kind(rawValue: word) else {
            throw ValidationFailure(field: "kind", reason: "must be one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        var reader = try ValueReader(value, allowed: PriceRule.common + PriceRule.members(of: kind))
        let name = try reader.needed("name", max: 100)
        var channels: Set<ChannelID> = []
        for text in try reader.strings("channels", max: 1_000) {
            guard let channel = ChannelID(text) else { throw reader.fail("channels", "\"\(text)\" is no channel's id") }
            channels.insert(channel)
        }
        let begins = try reader.integer("begins", in: PriceValue.instants)
        let ends = try reader.integer("ends", in: PriceValue.instants)
        if let begins, let ends, begins >= ends { throw reader.fail("ends", "must be later than begins") }
        let place = try reader.integer("place", in: 0...1_000_000) ?? 0
        let currency = reader.has("currency") ? try reader.currency("currency") : nil
        let effect = try PriceRule.effect(kind, id, name, &reader)
        func rule(_ currency: Currency?) -> PriceRule {
            PriceRule(
                id: id, name: name, channels: channels, begins: begins.map { Timestamp(milliseconds: $0) },
                ends: ends.map { Timestamp(milliseconds: $0) }, place: place, currency: currency, effect: effect)
        }
        let bare = rule(currency)
        self = currency == nil && bare.hasAmounts ? rule(usual) : bare
        if kind == .time, begins == nil || ends == nil { throw reader.fail("ends", "a time discount begins and ends") }
    }

    private static func members(of kind: Kind) -> [String] {
        let goods = ["products", "categories"]
        return switch kind {
        case .tier: ["sku", "from_quantity", "unit", "members_only"]
        case .time: goods + ["unit", "percent_off"]
        case .promotion: goods + ["threshold", "group", "amount_off", "each", "times_max", "percent_off", "amount_max", "quota"]
        case .coupon: goods + ["threshold", "group", "amount_off", "percent_off", "amount_max"]
        case .points: ["points_per_unit", "share_max"]
        case .freight: ["basis", "zones", "excluded"]
        case .tax: ["mode", "rate", "region", "categories"]
        }
    }

    private static func effect(_ kind: Kind, _ id: EntityID, _ name: String, _ reader: inout ValueReader) throws(ValidationFailure) -> Effect {
        switch kind {
        case .tier:
            return .tier(
                sku: try reader.neededID("sku"), fromQuantity: try reader.integer("from_quantity", in: 1...StockQuantity.movedMax) ?? 1,
                unit: try reader.needed("unit", in: 0...Money.amountMax), membersOnly: try reader.bool("members_only") ?? false)
        case .time:
            let goods = try goods(&reader)
            if let percent = try reader.integer("percent_off", in: 1...10_000) {
                try refuse(["unit"], beside: "percent_off", reader)
                return .time(goods, .percentOff(percent))
            }
            guard !goods.products.isEmpty else { throw reader.fail("unit", "one price is for products that are named; or give percent_off") }
            return .time(goods, .unit(try reader.needed("unit", in: 0...Money.amountMax)))
        case .promotion:
            return .promotion(try reduction(id, name, &reader), hasQuota: try reader.bool("quota") ?? false)
        case .coupon: return .coupon(try reduction(id, name, &reader))
        case .points:
            return .points(
                perUnit: try reader.needed("points_per_unit", in: 1...1_000_000),
                shareMax: try reader.integer("share_max", in: 1...10_000) ?? 10_000)
        case .freight: return .freight(try freight(name, &reader))
        case .tax:
            let mode: TaxMode = try reader.word("mode", of: ["included", "added"]) == "added" ? .added : .included
            guard let rate = try reader.integer("rate", in: 0...10_000) else {
                guard !reader.has("region"), !reader.has("categories") else { throw reader.fail("rate", "is required: what is taken there?") }
                return .tax(mode, nil)
            }
            let categories = try ids("categories", &reader)
            return .tax(
                mode,
                TaxRule(name: name, region: Region(try reader.strings("region", max: 8, length: 40)), categories: categories, rate: rate))
        }
    }

    private static func goods(_ reader: inout ValueReader) throws(ValidationFailure) -> Goods {
        Goods(products: try ids("products", &reader), categories: try ids("categories", &reader))
    }

    private static func ids(_ name: String, _ reader: inout ValueReader) throws(ValidationFailure) -> Set<EntityID> {
        var found: Set<EntityID> = []
        for text in try reader.strings(name, max: 10_000) {
            guard let id = EntityID(text) else { throw reader.fail(name, "\"\(text)\" is no id") }
            found.insert(id)
        }
        return found
    }

    /// A member that would be passed over is refused, since somebody meant something by it.
    private static func refuse(_ names: [String], beside other: String, _ reader: ValueReader) throws(ValidationFailure) {
        if let name = names.first(where: reader.has) { throw reader.fail(name, "means nothing beside \(other); give one of them") }
    }

    private static func reduction(_ id: EntityID, _ name: String, _ reader: inout ValueReader) throws(ValidationFailure) -> Reduction {
        let goods = try goods(&reader)
        guard goods.products.isEmpty || goods.categories.isEmpty else {
            throw reader.fail("categories", "name products or categories, not both")
        }
        let scope: Reduction.Scope =
            !goods.products.isEmpty ? .products(goods.products) : !goods.categories.isEmpty ? .categories(goods.categories) : .everything
        let benefit: Reduction.Benefit
        if let percent = try reader.integer("percent_off", in: 1...10_000) {
            try refuse(["amount_off", "each", "times_max"], beside: "percent_off", reader)
            benefit = .percent(percent, amountMax: try reader.integer("amount_max", in: 1...Money.amountMax))
        } else {
            let amount = try reader.needed("amount_off", in: 1...Money.amountMax)
            let isEach = try reader.bool("each") ?? false
            try refuse(isEach ? ["amount_max"] : ["amount_max", "times_max"], beside: isEach ? "each" : "amount_off", reader)
            benefit = isEach ? .amountEach(amount, timesMax: try reader.integer("times_max", in: 1...1_000_000) ?? 1_000_000) : .amount(amount)
        }
        let threshold = try reader.integer("threshold", in: 0...Money.amountMax) ?? 0
        if case .amountEach = benefit, threshold == 0 { throw reader.fail("threshold", "is required: each of what?") }
        return Reduction(
            id: id.text, name: name, benefit: benefit, scope: scope, threshold: threshold, group: try reader.text("group", max: 40))
    }

    private static func freight(_ name: String, _ reader: inout ValueReader) throws(ValidationFailure) -> FreightTemplate {
        let basis = FreightTemplate.Basis(rawValue: try reader.word("basis", of: ["count", "weight", "volume"]) ?? "") ?? .count
        let zones = try reader.each("zones", max: 5_000) { value, path throws(ValidationFailure) in
            var zone = try ValueReader(
                value, path: path,
                allowed: ["region", "first", "first_fee", "next", "next_fee", "free_from_amount", "free_from_count"])
            return FreightTemplate.Zone(
                region: Region(try zone.strings("region", max: 8, length: 40)), first: try zone.needed("first", in: 0...Money.amountMax),
                firstFee: try zone.needed("first_fee", in: 0...Money.amountMax),
                next: try zone.integer("next", in: 0...Money.amountMax) ?? 0, nextFee: try zone.integer("next_fee", in: 0...Money.amountMax) ?? 0,
                freeFromAmount: try zone.integer("free_from_amount", in: 0...Money.amountMax),
                freeFromCount: try zone.integer("free_from_count", in: 0...StockQuantity.movedMax))
        }
        let excluded = try reader.each("excluded", max: 5_000) { value, path throws(ValidationFailure) in
            var codes: [String] = []
            for (index, code) in try ValueReader.elements(value, path: path, max: 8).enumerated() {
                codes.append(try Wording.check(code, field: "\(path)[\(index)]", max: 40))
            }
            return Region(codes)
        }
        let template = FreightTemplate(name: name, basis: basis, zones: zones, excluded: excluded)
        try template.check()
        return template
    }
}
