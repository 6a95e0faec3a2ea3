import Commerce

/// A catalog as merchants may have it, different for every seed.
struct RandomCatalog {
    private var dice: Dice
    private var count = 0
    private(set) var entities: [(ref: EntityRef, units: [UnitName: JSON], aliases: [(String, String)])] = []

    init(seed: UInt64, source: String) {
        dice = Dice(seed: seed)
        let brands = (0..<2).map { _ in add(.brand, ["life": ["state": "live"], "text.en": ["title": .string(title())]]) }
        var categories: [EntityRef] = []
        for _ in 0..<4 {
            var place: JSONObject = JSONObject([("position", .integer(Int64(dice.below(9))))])
            if !categories.isEmpty, dice.chance(2) { place["parent"] = .string(dice.pick(categories).id.text) }
            categories.append(
                add(.category, ["life": ["state": "live"], "text.en": ["title": .string(title())], "place": .object(place)]))
        }
        for _ in 0..<dice.below(6) + 1 { product(brands, categories, source) }
    }

    private mutating func product(_ brands: [EntityRef], _ categories: [EntityRef], _ source: String) {
        var units: [String: JSON] = ["life": ["state": "live"]]
        units["text.en"] = text()
        if dice.chance(2) { units["text.zh-CN"] = ["title": "茶杯"] }
        if !dice.chance(4) { units["shelf"] = ["state": .string(dice.pick(["on", "off", "draft"]))] }
        if dice.chance(2) { units["tags"] = .array(distinct(dice.below(4) + 1).map(JSON.string)) }
        if dice.chance(2) {
            units["categories"] = .array(categories.filter { _ in dice.chance(2) }.map { .string($0.id.text) })
            if units["categories"] == [] { units["categories"] = nil }
        }
        switch dice.below(3) {
        case 0: units["brand"] = ["id": .string(dice.pick(brands).id.text)]
        case 1: units["brand"] = ["name": .string(title())]
        default: break
        }
        if dice.chance(2) { units["media"] = media() }
        if dice.chance(2) {
            units["attributes"] = .object(JSONObject(distinct(3).map { ($0, .string(title())) } + [("type", "Tea")]))
        }
        if dice.chance(3) { units["extra.\(source)"] = ["Gift Card": .string(title()), "Metafield: wear": "1"] }
        let options = dice.below(3)
        let choices = (0..<options).map { index in
            (name: "Option \(index)\(title())", values: distinct(dice.below(3) + 1))
        }
        if options > 0 {
            units["options"] = .array(
                choices.map { ["name": .string($0.name), "values": .array($0.values.map(JSON.string))] })
        }
        let product = add(.product, units, alias: dice.chance(2) ? (source, "handle-\(count)") : nil)
        let skuCount = options == 0 ? dice.below(2) : dice.below(3)
        var taken: Set<[String]> = []
        for _ in 0..<skuCount {
            let values = choices.map { dice.pick($0.values) }
            if taken.insert(values).inserted { sku(of: product, values, source) }
        }
    }

    private mutating func sku(of product: EntityRef, _ values: [String], _ source: String) {
        var identity = JSONObject([("product", .string(product.id.text))])
        if dice.chance(2) { identity["code"] = .string("C-\(count)\(title())") }
        if !values.isEmpty { identity["options"] = .array(values.map(JSON.string)) }
        if dice.chance(2) { identity["position"] = .integer(Int64(dice.below(9))) }
        var units: [String: JSON] = ["life": ["state": "live"], "identity": .object(identity)]
        if !dice.chance(4) {
            var price = JSONObject([("amount", .integer(Int64(dice.below(100_000))))])
            if dice.chance(2) { price["compare_at"] = .integer(Int64(dice.below(100_000))) }
            if dice.chance(3) { price["cost"] = .integer(Int64(dice.below(100_000))) }
            if dice.chance(3) { price["tax_included"] = true }
            units["price.USD"] = .object(price)
        }
        if dice.chance(2) { units["price.JPY"] = ["amount": 1200] }
        if dice.chance(2) {
            var stock = JSONObject([("quantity", .integer(Int64(dice.below(200)) - 50))])
            if dice.chance(2) { stock["policy"] = .string(dice.pick(["deny", "continue"])) }
            units["declared_stock"] = .object(stock)
        }
        if dice.chance(2) {
            var logistics = JSONObject([("weight_g", .integer(Int64(dice.below(5_000))))])
            if dice.chance(2) { logistics["length_mm"] = .integer(Int64(dice.below(5_000))) }
            if dice.chance(2) { logistics["requires_shipping"] = .bool(dice.chance(2)) }
            if dice.chance(2) { logistics["origin_country"] = "CN" }
            units["logistics"] = .object(logistics)
        }
        if dice.chance(3) { units["media"] = media() }
        if dice.chance(3) { units["shelf"] = ["state": .string(dice.pick(["on", "off", "draft"]))] }
        if !values.isEmpty, dice.chance(3) { units["extra.\(source)"] = ["Variant Tax Code": .string(title())] }
        _ = add(.sku, units)
    }

    private mutating func text() -> JSON {
        var text = JSONObject([("title", .string(title()))])
        if dice.chance(2) { text["body"] = .string("<p>\(title())\n\\ \(title())\\n \\\\n</p>") }
        if dice.chance(2) { text["brief"] = .string(title()) }
        if dice.chance(3) { text["seo_title"] = .string(title()) }
        if dice.chance(3) { text["keywords"] = .string(title()) }
        return .object(text)
    }

    private mutating func media() -> JSON {
        .array(
            (0...dice.below(4)).map { index in
                var medium = JSONObject([("url", .string("https://x.example/\(count)/a,b\(index).jpg?x=1&y=2"))])
                medium["kind"] = dice.chance(5) ? "video" : "image"
                if dice.chance(3) { medium["alt"] = .string(title()) }
                return .object(medium)
            })
    }

    /// Something that files trip over, but that every unit takes.
    private mutating func title() -> String {
        let pieces = ["a", "Z9", " x", ",", "\"", "'", "=", "-", "+1", "@", "\\", "茶", "é", "👍🏽", ";", "\\n", ">", "|", "&amp;", "\\,", "\\>"]
        return "t" + (0..<dice.below(5)).map { _ in dice.pick(pieces) }.joined() + "z"
    }

    private mutating func distinct(_ number: Int) -> [String] {
        (0..<number).map { "\(title())\($0)" }
    }

    /// Normalised by the rules of each unit, as the store would hold it.
    private mutating func add(_ kind: EntityKind, _ units: [String: JSON], alias: (String, String)? = nil) -> EntityRef {
        count += 1
        let ref = EntityRef(kind, EntityID("\(kind.rawValue)-\(count)")!)
        var normal: [UnitName: JSON] = [:]
        for (name, value) in units {
            let unit = UnitName(name)!
            do {
                normal[unit] = try UnitCatalog.definition(kind, unit).validate(value)
            } catch {
                preconditionFailure("\(ref):\(name) = \(value.text): \(error)")
            }
        }
        entities.append((ref, normal, alias.map { [$0] } ?? []))
        return ref
    }
}
