package import Commerce

/// A mapping file: which values of a foreign record become which units.
///
/// Read once per import; `docs/import-and-export.md` is its reference.
package struct CatalogMapping: Sendable {
    struct Part: Sendable {
        let key: MappingRule
        let units: [(unit: String, rule: MappingRule)]
    }

    let product: Part
    let sku: Part?
    /// Where a record's SKUs stand; nil: the record itself is the SKU.
    let skuPath: SourcePath?
    /// The CSV column whose equal values make consecutive rows one record.
    let group: String?

    private static let formatName = "heyi-mapping/1"

    /// - Throws: ``InterchangeError/unusable(_:)`` naming the place in the file.
    package init(_ json: JSON) throws(InterchangeError) {
        guard let object = json.object else { throw MappingRule.fault("top level", "must be an object") }
        guard object["format"]?.string == CatalogMapping.formatName else {
            throw MappingRule.fault("format", "must be \"\(CatalogMapping.formatName)\"")
        }
        let known = ["format", "description", "group", "product", "skus"]
        for name in object.names where !known.contains(name) {
            let near = Spelling.nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            throw MappingRule.fault(name, "unknown member\(near)")
        }
        guard let product = object["product"] else { throw MappingRule.fault("product", "is missing") }
        self.product = try CatalogMapping.part(product, "product", allowed: ["key", "units"])
        if let skus = object["skus"] {
            sku = try CatalogMapping.part(skus, "skus", allowed: ["each", "key", "units"])
            skuPath = try skus["each"]?.string.map { text throws(InterchangeError) in try SourcePath(text) }
        } else {
            sku = nil
            skuPath = nil
        }
        group = object["group"]?.string
    }

    private static func part(_ json: JSON, _ place: String, allowed: [String]) throws(InterchangeError) -> Part {
        guard let object = json.object else { throw MappingRule.fault(place, "must be an object") }
        for name in object.names where !allowed.contains(name) {
            let near = Spelling.nearest(to: name, among: allowed).map { "; did you mean \"\($0)\"?" } ?? ""
            throw MappingRule.fault("\(place).\(name)", "unknown member\(near)")
        }
        guard let key = object["key"] else {
            throw MappingRule.fault("\(place).key", "is missing: it says by which value a record is found again")
        }
        var units: [(unit: String, rule: MappingRule)] = []
        for member in object["units"]?.object ?? JSONObject() {
            units.append((member.name, try MappingRule.parse(member.value, at: "\(place).units.\(member.name)")))
        }
        return Part(key: try MappingRule.parse(key, at: "\(place).key"), units: units)
    }
}
