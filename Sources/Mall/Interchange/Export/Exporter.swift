import Commerce

/// Writes a catalog out as a file, page by page.
///
/// What it writes, an import reads back without changing anything. CSV formats hold
/// one language and one currency and go through the catalog twice, first for the
/// columns; JSON Lines hold everything.
package struct Exporter {
    private static let pageSize = 200

    private let source: any CatalogSource
    private let options: InterchangeOptions
    private var titles: TitleBook

    package init(from source: any CatalogSource, options: InterchangeOptions) {
        self.source = source
        self.options = options
        titles = TitleBook(units: source, text: options.text)
    }

    /// - Throws: ``InterchangeError/unusable(_:)`` for a format that is only read.
    package static func check(_ format: CatalogFormat) throws(InterchangeError) {
        guard format != .csv else {
            throw .unusable("an export needs a format whose columns are known: shopify, woocommerce or jsonl")
        }
    }

    /// - Parameter write: takes each piece of the file in turn; what it throws ends the export.
    /// - Returns: how many products, or lines, were written.
    package mutating func run(
        _ format: CatalogFormat, _ write: ([UInt8]) async throws(InterchangeError) -> Void
    ) async throws(InterchangeError) -> Int {
        try Exporter.check(format)
        return switch format {
        case .shopify: try await writeSheets(ShopifyWriter(options: options), write)
        case .woocommerce: try await writeSheets(WooWriter(options: options), write)
        case .jsonl, .csv: try await writeLines(write)
        }
    }

    private mutating func writeSheets(
        _ writer: some SheetWriter, _ write: ([UInt8]) async throws(InterchangeError) -> Void
    ) async throws(InterchangeError) -> Int {
        var writer = writer
        var position: Int64? = 0
        while let after = position {
            let (sheets, next) = try await self.sheets(after: after)
            for sheet in sheets { writer.survey(sheet) }
            position = next
        }
        var csv = CSVWriter(byteOrderMark: options.byteOrderMark)
        csv.row(writer.header())
        var count = 0
        position = 0
        while let after = position {
            if Task.isCancelled { throw .cancelled }
            let (sheets, next) = try await self.sheets(after: after)
            for sheet in sheets { for row in writer.rows(sheet) { csv.row(row) } }
            count += sheets.count
            try await write(csv.drain())
            position = next
        }
        return count
    }

    private mutating func sheets(
        after position: Int64
    ) async throws(InterchangeError) -> (sheets: [ProductSheet], next: Int64?) {
        let page = try await source.page(.product, after: position, limit: Exporter.pageSize)
        let products = page.entities.filter { !$0.isDeleted }
        let skus = try await source.skus(of: products.map(\.ref.id))
        var sheets: [ProductSheet] = []
        for (product, skus) in zip(products, skus) {
            let kept = skus.filter { !$0.isDeleted }.sorted { Exporter.rank($0) < Exporter.rank($1) }
            sheets.append(
                ProductSheet(
                    product: product, skus: kept, brand: try await brand(of: product),
                    categories: try await categories(of: product)))
        }
        return (sheets, page.next)
    }

    private static func rank(_ sku: CatalogEntity) -> (Int64, EntityID) {
        (sku.units[Units.identity]?["position"]?.integer ?? .max, sku.ref.id)
    }

    private mutating func brand(of product: CatalogEntity) async throws(InterchangeError) -> String? {
        guard let brand = product.units[Units.brand] else { return nil }
        if let name = brand["name"]?.string { return name }
        guard let id = brand["id"]?.string.flatMap({ EntityID($0) }) else { return nil }
        return try await titles.path(of: EntityRef(.brand, id)).last ?? id.text
    }

    private mutating func categories(of product: CatalogEntity) async throws(InterchangeError) -> [[String]] {
        var paths: [[String]] = []
        for id in (product.units[Units.categories]?.array ?? []).compactMap({ $0.string.flatMap { EntityID($0) } }) {
            let path = try await titles.path(of: EntityRef(.category, id))
            if !path.isEmpty { paths.append(path) }
        }
        return paths
    }

    /// Categories and brands come before what refers to them.
    private func writeLines(
        _ write: ([UInt8]) async throws(InterchangeError) -> Void
    ) async throws(InterchangeError) -> Int {
        var count = 0
        for kind in [EntityKind.tag, .brand, .category, .product, .sku] {
            var position: Int64? = 0
            while let after = position {
                if Task.isCancelled { throw .cancelled }
                let page = try await source.page(kind, after: after, limit: Exporter.pageSize)
                var bytes: [UInt8] = []
                for entity in page.entities where !entity.isDeleted {
                    NativeLines.write(entity, to: &bytes)
                    count += 1
                }
                if !bytes.isEmpty { try await write(bytes) }
                position = page.next
            }
        }
        return count
    }
}
