import Commerce

/// Groups the rows of a Shopify product CSV by handle and maps each group.
///
/// The rows of one product stand together: the first carries the product, each with
/// option values or variant columns one SKU, each with an image address one image.
struct ShopifyInterpreter: RowInterpreter {
    private let mapper: ShopifyMapper
    private var group: ShopifyGroup?

    init(header: CSVHeader, options: InterchangeOptions) throws(InterchangeError) {
        mapper = try ShopifyMapper(header: header, options: options)
    }

    mutating func take(_ row: CSVRow, into events: inout [CatalogEvent]) {
        let handle = row.text(mapper.handle).trimmed
        guard !handle.isEmpty else {
            let reason = "the row has no handle, so nobody can say which product it belongs to"
            events.append(.fault(RowFault(line: row.line, column: ShopifyColumns.handle, reason: reason)))
            return
        }
        if group?.handle != handle {
            close(into: &events)
            group = ShopifyGroup(handle: handle)
        }
        guard let count = group?.rows.count, count < ShopifyGroup.rowsMax else {
            let reason = "more than \(ShopifyGroup.rowsMax) rows for one product"
            events.append(.fault(RowFault(line: row.line, column: ShopifyColumns.handle, value: handle, reason: reason)))
            return
        }
        group?.rows.append(row)
    }

    mutating func rowLost() { group?.isDamaged = true }

    mutating func finish(into events: inout [CatalogEvent]) { close(into: &events) }

    private mutating func close(into events: inout [CatalogEvent]) {
        guard let group else { return }
        self.group = nil
        mapper.map(group, into: &events)
    }
}

/// The rows of one product.
struct ShopifyGroup: Sendable {
    /// Shopify allows 2,048 variants; images may add rows.
    static let rowsMax = 4_096

    let handle: String
    var rows: [CSVRow] = []
    /// Whether rows of it may be missing, so that what it lists may be incomplete.
    var isDamaged = false
}
