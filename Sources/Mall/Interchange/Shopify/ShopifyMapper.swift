import Commerce

/// Maps the rows of one product to the units they speak about.
struct ShopifyMapper: Sendable {
    let handle: Int
    let options: InterchangeOptions
    let header: CSVHeader
    private let positions: [String: Int]
    /// Columns without a unit of their own, kept in `extra`.
    let productExtras: [(cell: Int, name: String)]
    let skuExtras: [(cell: Int, name: String)]

    init(header: CSVHeader, options: InterchangeOptions) throws(InterchangeError) {
        self.header = header
        self.options = options
        let known =
            [ShopifyColumns.handle] + ShopifyColumns.productColumns + ShopifyColumns.skuColumns
            + ShopifyColumns.imageColumns + ShopifyColumns.optionNames + ShopifyColumns.optionValues
        var positions: [String: Int] = [:]
        for name in known {
            positions[name] = header.position(name) ?? ShopifyColumns.otherNames[name].flatMap(header.position)
        }
        if let handle = positions[ShopifyColumns.handle] {
            self.handle = handle
        } else {
            handle = try header.required(ShopifyColumns.handle, of: .shopify)
        }
        if positions[ShopifyColumns.title] == nil { _ = try header.required(ShopifyColumns.title, of: .shopify) }
        self.positions = positions
        let taken = Set(positions.values)
        let rest = header.names.enumerated().filter { !$0.element.isEmpty && !taken.contains($0.offset) }
            .map { (cell: $0.offset, name: $0.element) }
        productExtras = rest.filter { !ShopifyColumns.isOfSKU($0.name) }
        skuExtras = rest.filter { ShopifyColumns.isOfSKU($0.name) }
    }

    /// The cell's text, nil when the file has no such column.
    func text(_ column: String, _ row: CSVRow) -> String? {
        guard let cell = positions[column] else { return nil }
        return row.isEmpty(cell) ? "" : row.text(cell)
    }

    func columnName(_ column: String) -> String { positions[column].map { header.names[$0] } ?? column }

    func map(_ group: ShopifyGroup, into events: inout [CatalogEvent]) {
        guard let first = group.rows.first else { return }
        guard let title = text(ShopifyColumns.title, first), !title.trimmed.isEmpty else {
            let reason =
                "the first row of product \"\(group.handle.prefix(60))\" has no title; its first row may be "
                + "broken or missing, so none of its rows is taken"
            events.append(.fault(RowFault(line: first.line, column: columnName(ShopifyColumns.title), reason: reason)))
            return
        }
        var product: DesiredEntity
        do throws(RowFault) {
            product = try self.product(group, first)
        } catch {
            events.append(.fault(error))
            return
        }
        var skus: [DesiredEntity] = []
        var refused = false
        for row in group.rows where isVariant(row) {
            do throws(RowFault) {
                skus.append(try sku(row, first: first, position: skus.count + 1, handle: group.handle))
            } catch {
                refused = true
                events.append(.fault(error))
            }
        }
        guard !skus.isEmpty || !refused else { return }
        addExtras(of: group, to: &product, &skus, &events)
        let record = CatalogRecord(line: first.line, entities: [product] + skus)
        events.append(.record(record))
    }

    private func isVariant(_ row: CSVRow) -> Bool {
        let columns = ShopifyColumns.skuColumns + ShopifyColumns.optionValues
        return columns.contains { positions[$0].map { !row.isEmpty($0) } ?? false }
            || skuExtras.contains { !row.isEmpty($0.cell) }
    }
}
