import Commerce

/// The file formats a catalog comes from and goes to.
package enum CatalogFormat: String, CaseIterable, Sendable {
    case shopify, woocommerce, jsonl, csv

    package var title: String {
        switch self {
        case .shopify: "a Shopify product CSV"
        case .woocommerce: "a WooCommerce product CSV"
        case .jsonl: "JSON Lines"
        case .csv: "a CSV with a mapping file"
        }
    }

    /// - Throws: ``InterchangeError`` listing the formats, with the nearest one first.
    package static func named(_ name: String) throws(InterchangeError) -> CatalogFormat {
        if let format = CatalogFormat(rawValue: name.lowercased()) { return format }
        let names = allCases.map(\.rawValue)
        let near = Spelling.nearest(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
        throw .unusable("unknown format \"\(name.prefix(40))\"; choose \(names.joined(separator: ", "))\(near)")
    }
}
