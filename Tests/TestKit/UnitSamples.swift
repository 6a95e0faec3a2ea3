package import Commerce

/// For every unit, one value all have seen and one each for the hub and two channels.
package enum UnitSamples {
    package static func values(of unit: UnitDefinition) -> [JSON] {
        switch unit.family {
        case "life": states(["live", "deleted", "live", "deleted"])
        case "text": texts
        case "shelf": states(["on", "on", "draft", "off"])
        case "tags", "categories": [["tea", "cup", "old"], ["tea", "pot", "cup"], ["old", "tea", "new"], []]
        case "media": [[picture("a"), picture("b")], [picture("b"), picture("c")], [picture("a", "壶")], [picture("a", "pot")]]
        case "options": (1...4).map { [["name": "Size", "values": [.string("S\($0)")]]] }
        case "brand", "unit_of_sale": named("name")
        case "attributes", "extra": named("material")
        case "tax": named("class")
        case "age_limit": numbers("years")
        case "order_limit": numbers("quantity")
        case "visibility": [true, false, true, false].map { ["shown": .bool($0)] }
        case "identity": (1...4).map { ["product": "p1", "code": .string("C\($0)")] }
        case "price": numbers("amount")
        case "barcode": named("code")
        case "logistics": numbers("weight_g")
        case "declared_stock": numbers("quantity")
        case "place": numbers("position")
        default: []
        }
    }

    /// A name a unit of this family could have.
    package static func name(of unit: UnitDefinition) -> UnitName? {
        switch unit.qualifier {
        case .none: UnitName(unit.family)
        case .locale: UnitName(unit.family + ".zh-CN")
        case .currency: UnitName(unit.family + ".CNY")
        case .source: UnitName(unit.family + ".shopify")
        }
    }

    private static func states(_ words: [String]) -> [JSON] { words.map { ["state": .string($0)] } }
    private static func named(_ member: String) -> [JSON] {
        ["一", "二", "三", "四"].map { .object(JSONObject([(member, .string($0))])) }
    }
    private static func numbers(_ member: String) -> [JSON] {
        [5, 8, 2, 8].map { .object(JSONObject([(member, .integer($0)),])) }
    }
    private static func picture(_ name: String, _ alt: String? = nil) -> JSON {
        var picture = JSONObject([("url", .string("https://cdn.example/\(name).jpg")), ("kind", "image")])
        picture["alt"] = alt.map { .string($0) }
        return .object(picture)
    }
    private static let texts: [JSON] = [
        ["title": "壶", "body": "<p>一</p><p>二</p>", "keywords": "茶"],
        ["title": "茶壶", "body": "<p>一</p><p>二</p>", "keywords": "茶"],
        ["title": "壶", "body": "<p>一</p><p>贰</p>", "keywords": "茶"],
        ["title": "紫砂壶", "body": "<p>壹</p><p>二</p>", "keywords": "茶,壶"],
    ]
}
