import Commerce

/// Writes products as WooCommerce takes them: `simple`, or `variable` with `variation`s.
struct WooWriter: SheetWriter {
    private let options: InterchangeOptions
    private var extras: ExtraColumns
    private var columns: [String] = []
    private var attributeCount = 0

    private static let ours = [WooColumns.optionNames, WooColumns.productID, WooColumns.skuID]

    init(options: InterchangeOptions) {
        self.options = options
        extras = ExtraColumns(reserved: WooColumns.exported + WooWriter.ours)
    }

    mutating func survey(_ sheet: ProductSheet) {
        for entity in [sheet.product] + sheet.skus { extras.note(entity, options.extra) }
        attributeCount = max(attributeCount, attributes(sheet).count)
    }

    mutating func header() -> [String] {
        let flags = extras.names.filter(WooWriter.isFlag)
        columns = WooColumns.exported
        for number in 1..<(attributeCount + 1) {
            columns += [WooColumns.attributeName(number), WooColumns.attributeValues(number)]
            guard !flags.isEmpty else { continue }
            columns += WooColumns.attributeFlags.map { "Attribute \(number) \($0)" }
        }
        columns += extras.names.filter { !WooWriter.isFlag($0) } + WooWriter.ours
        return columns
    }

    func rows(_ sheet: ProductSheet) -> [[String]] {
        let isVariable =
            !sheet.optionNames.isEmpty || sheet.skus.count > 1
        var first = product(sheet)
        guard isVariable else {
            if let sku = sheet.skus.first {
                self.sku(sku, &first)
                first[WooColumns.skuID] = sku.ref.id.text
            }
            return [columns.map { first[$0] ?? "" }]
        }
        first[WooColumns.type] = first[WooColumns.type] ?? "variable"
        let parent = sheet.product.key(options.source) { $0.hasPrefix("id:") }
        let variations = sheet.skus.map { sku -> [String: String] in
            var cells: [String: String] = [:]
            for name in columns { cells[name] = sku.units[options.extra]?[name]?.string }
            self.sku(sku, &cells)
            cells[WooColumns.type] = "variation"
            cells[WooColumns.id] = sku.key(options.source) { $0.hasPrefix("id:") }.map { String($0.dropFirst(3)) }
            cells[WooColumns.name] = sheet.text("title", options)
            cells[WooColumns.parent] = parent ?? first[WooColumns.sku]
            cells[WooColumns.published] = WooWriter.published(sku.units[Units.shelf]?["state"]?.string)
            cells[WooColumns.images] = CellList.joined(ProductSheet.images(sku).map(\.url))
            cells[WooColumns.productID] = sheet.product.ref.id.text
            cells[WooColumns.skuID] = sku.ref.id.text
            for (index, value) in ProductSheet.values(sku).enumerated() {
                cells[WooColumns.attributeName(index + 1)] = sheet.optionNames[index]
                cells[WooColumns.attributeValues(index + 1)] = CellList.joined([value])
            }
            return cells
        }
        return ([first] + variations).map { cells in columns.map { cells[$0] ?? "" } }
    }

    private func product(_ sheet: ProductSheet) -> [String: String] {
        let units = sheet.product.units
        var cells: [String: String] = [:]
        for name in columns { cells[name] = units[options.extra]?[name]?.string }
        cells[WooColumns.id] = sheet.product.key(options.source) { $0.hasPrefix("id:") }.map { String($0.dropFirst(3)) }
        if sheet.optionNames.isEmpty, sheet.skus.count < 2 { cells[WooColumns.type] = cells[WooColumns.type] ?? "simple" }
        cells[WooColumns.name] = sheet.text("title", options)
        cells[WooColumns.brief] = WooText.written(sheet.text("brief", options))
        cells[WooColumns.body] = WooText.written(sheet.text("body", options))
        cells[WooColumns.published] = WooWriter.published(sheet.state)
        cells[WooColumns.tags] = CellList.joined((units[Units.tags]?.array ?? []).compactMap(\.string))
        cells[WooColumns.images] = CellList.joined(ProductSheet.images(sheet.product).map(\.url))
        cells[WooColumns.categories] = CellList.joined(sheet.categories.map(CategoryPath.joined))
        cells[WooColumns.brands] = sheet.brand.map { CellList.joined([$0]) }
        cells[WooColumns.optionNames] = CellList.joined(sheet.optionNames)
        cells[WooColumns.productID] = sheet.product.ref.id.text
        for (index, attribute) in attributes(sheet).enumerated() {
            cells[WooColumns.attributeName(index + 1)] = attribute.name
            cells[WooColumns.attributeValues(index + 1)] = attribute.cell
            for word in WooColumns.attributeFlags {
                let kept = units[options.extra]?[WooColumns.flag(word, of: attribute.name)]?.string
                cells["Attribute \(index + 1) \(word)"] = kept
            }
        }
        return cells
    }

    private func sku(_ sku: CatalogEntity, _ cells: inout [String: String]) {
        let units = sku.units
        let kept = units[options.extra]
        cells[WooColumns.sku] = units[Units.identity]?["code"]?.string
        cells[WooColumns.gtin] = units[Units.barcode]?["code"]?.string
        let price = units[options.price]
        let paid = ProductSheet.money(price?["amount"], options.currency)
        let before = ProductSheet.money(price?["compare_at"], options.currency)
        cells[WooColumns.regularPrice] = before.isEmpty ? paid : before
        cells[WooColumns.salePrice] = before.isEmpty ? "" : paid
        let quantity = units[Units.stock]?["quantity"]
        cells[WooColumns.stock] = quantity == nil ? kept?[WooColumns.stock]?.string : ProductSheet.number(quantity)
        cells[WooColumns.inStock] =
            quantity?.integer.map { $0 > 0 ? "1" : "0" } ?? kept?[WooColumns.inStock]?.string
        switch (units[Units.stock]?["policy"]?.string, kept?[WooColumns.backorders]?.string) {
        case ("continue"?, "notify"?): cells[WooColumns.backorders] = "notify"
        case ("continue"?, _): cells[WooColumns.backorders] = "1"
        case ("deny"?, _): cells[WooColumns.backorders] = "0"
        case (_, let raw): cells[WooColumns.backorders] = quantity == nil ? raw : nil
        }
        let measures = units[Units.logistics]
        cells[WooColumns.weight] = ProductSheet.number(measures?["weight_g"], digits: 3)
        cells[WooColumns.length] = ProductSheet.number(measures?["length_mm"], digits: 1)
        cells[WooColumns.width] = ProductSheet.number(measures?["width_mm"], digits: 1)
        cells[WooColumns.height] = ProductSheet.number(measures?["height_mm"], digits: 1)
    }

    /// Options first, then what else is said of the product, by name.
    private func attributes(_ sheet: ProductSheet) -> [(name: String, cell: String)] {
        let held = sheet.product.units[Units.options]?.array ?? []
        let choices = sheet.optionNames.enumerated().map { index, name -> (name: String, cell: String) in
            let known = index < held.count ? (held[index]["values"]?.array ?? []).compactMap(\.string) : []
            let used = sheet.skus.compactMap { index < ProductSheet.values($0).count ? ProductSheet.values($0)[index] : nil }
            var values = known
            for value in used where !values.contains(value) { values.append(value) }
            return (name, CellList.joined(values))
        }
        let described = sheet.product.units[Units.attributes]?.object?.members ?? []
        return choices + described.map { ($0.name, $0.value.string ?? "") }
    }

    private static func isFlag(_ name: String) -> Bool {
        WooColumns.attributeFlags.contains { name.hasPrefix(WooColumns.flag($0, of: "")) }
    }

    private static func published(_ state: String?) -> String? {
        switch state {
        case "on": "1"
        case "off": "0"
        case "draft": "-1"
        default: nil
        }
    }
}
