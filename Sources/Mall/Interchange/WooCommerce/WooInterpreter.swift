import Commerce

/// Maps the rows of a WooCommerce product CSV one by one.
///
/// A `simple` row is a product and its one SKU, a `variable` row a product, and a
/// `variation` row a SKU of the product its `Parent` names. Rows of one product need
/// not stand together, so each is a record of its own.
struct WooInterpreter: RowInterpreter {
    let options: InterchangeOptions
    let header: CSVHeader
    private let positions: [String: Int]
    let attributes: [WooAttributeColumns]
    let extras: [(cell: Int, name: String)]
    private var lastParent = ""
    private var siblings = 0

    init(header: CSVHeader, options: InterchangeOptions) throws(InterchangeError) {
        self.header = header
        self.options = options
        _ = try header.required(WooColumns.type, of: .woocommerce)
        _ = try header.required(WooColumns.name, of: .woocommerce)
        var positions: [String: Int] = [:]
        for name in WooColumns.known + [WooColumns.optionNames] { positions[name] = header.position(name) }
        self.positions = positions
        attributes = (1...200).compactMap { WooAttributeColumns($0, header) }
        let taken = Set(positions.values).union(attributes.flatMap(\.cells))
        extras = header.names.enumerated().filter { !$0.element.isEmpty && !taken.contains($0.offset) }
            .map { (cell: $0.offset, name: $0.element) }
    }

    mutating func take(_ row: CSVRow, into events: inout [CatalogEvent]) {
        do throws(RowFault) {
            let entities = isVariation(row) ? [try variation(row)] : try product(row)
            events.append(.record(CatalogRecord(line: row.line, entities: entities)))
        } catch {
            events.append(.fault(error))
        }
    }

    mutating func rowLost() {}
    mutating func finish(into events: inout [CatalogEvent]) {}

    /// The cell's text, nil when the file has no such column.
    func text(_ column: String, _ row: CSVRow) -> String? {
        guard let cell = positions[column] else { return nil }
        return row.isEmpty(cell) ? "" : row.text(cell).trimmed
    }

    func fault(_ row: CSVRow, _ column: String, _ value: String, _ reason: String) -> RowFault {
        RowFault(line: row.line, column: column, value: value, reason: reason)
    }

    private func isVariation(_ row: CSVRow) -> Bool {
        CellList.split(text(WooColumns.type, row)?.lowercased() ?? "").contains("variation")
    }

    private mutating func variation(_ row: CSVRow) throws(RowFault) -> DesiredEntity {
        let parent = text(WooColumns.parent, row) ?? ""
        let productID = text(WooColumns.productID, row) ?? ""
        guard !parent.isEmpty || !productID.isEmpty else {
            throw fault(row, WooColumns.parent, "", "a variation must name its product, as id:123 or by its SKU")
        }
        siblings = parent == lastParent ? siblings + 1 : 1
        lastParent = parent
        var aliases: [Alias] = []
        if !productID.isEmpty { aliases.append(Alias(.product, Alias.idNamespace, productID)) }
        if !parent.isEmpty {
            let key = parent.lowercased().hasPrefix("id:") ? parent.lowercased() : "sku:\(parent)"
            aliases.append(Alias(.product, options.source, key))
        }
        return try sku(row, product: aliases, position: siblings, isVariation: true)
    }
}

/// The cells of one numbered attribute of a WooCommerce file.
struct WooAttributeColumns: Sendable {
    let name: Int
    let values: Int?
    /// What else the file says of it: visible, global, default.
    let flags: [(cell: Int, word: String)]

    var cells: [Int] { [name] + (values.map { [$0] } ?? []) + flags.map(\.cell) }

    init?(_ number: Int, _ header: CSVHeader) {
        guard let name = header.position(WooColumns.attributeName(number)) else { return nil }
        self.name = name
        values = header.position(WooColumns.attributeValues(number))
        flags = WooColumns.attributeFlags.compactMap { word in
            header.position("Attribute \(number) \(word)").map { (cell: $0, word: word) }
        }
    }
}
