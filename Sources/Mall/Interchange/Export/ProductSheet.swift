import Commerce

/// A product with all a CSV says of it, links turned into words.
struct ProductSheet: Sendable {
    let product: CatalogEntity
    /// By position, then id.
    let skus: [CatalogEntity]
    let brand: String?
    let categories: [[String]]

    func text(_ name: String, _ options: InterchangeOptions) -> String {
        product.units[options.text]?[name]?.string ?? ""
    }

    var state: String? { product.units[Units.shelf]?["state"]?.string }

    var optionNames: [String] {
        let named = (product.units[Units.options]?.array ?? []).compactMap { $0["name"]?.string }
        let widest = skus.map { ProductSheet.values($0).count }.max() ?? 0
        return named + (named.count..<max(named.count, widest)).map { "Option \($0 + 1)" }
    }

    static func values(_ sku: CatalogEntity) -> [String] {
        (sku.units[Units.identity]?["options"]?.array ?? []).compactMap(\.string)
    }

    /// The addresses and descriptions of an entity's pictures, films left out.
    static func images(_ entity: CatalogEntity) -> [(url: String, alt: String)] {
        (entity.units[Units.media]?.array ?? []).compactMap { medium in
            guard medium["kind"]?.string ?? "image" == "image", let url = medium["url"]?.string else { return nil }
            return (url, medium["alt"]?.string ?? "")
        }
    }

    static func bool(_ value: JSON?) -> String {
        switch value {
        case .bool(true): "true"
        case .bool(false): "false"
        default: ""
        }
    }

    static func number(_ value: JSON?, digits: Int = 0) -> String {
        value?.integer.map { DecimalText.text($0, digits: digits, trimming: true) } ?? ""
    }

    static func money(_ value: JSON?, _ currency: Currency) -> String {
        value?.integer.map { currency.text($0) } ?? ""
    }
}
