import Commerce

/// Writes products as Shopify takes them: a row for each SKU and each further image.
struct ShopifyWriter: SheetWriter {
    private let options: InterchangeOptions
    private var extras: ExtraColumns
    private var extraNames: [String] = []

    init(options: InterchangeOptions) {
        self.options = options
        extras = ExtraColumns(reserved: ShopifyColumns.exported + [ShopifyColumns.productID, ShopifyColumns.skuID])
    }

    mutating func survey(_ sheet: ProductSheet) {
        for entity in [sheet.product] + sheet.skus { extras.note(entity, options.extra) }
    }

    mutating func header() -> [String] {
        extraNames = extras.names
        return ShopifyColumns.exported + extraNames + [ShopifyColumns.productID, ShopifyColumns.skuID]
    }

    func rows(_ sheet: ProductSheet) -> [[String]] {
        let images = ProductSheet.images(sheet.product)
        let handle = sheet.product.key(options.source) ?? sheet.product.ref.id.text
        let columns = ShopifyColumns.exported + extraNames + [ShopifyColumns.productID, ShopifyColumns.skuID]
        return (0..<max(1, sheet.skus.count, images.count)).map { index in
            var cells = [ShopifyColumns.handle: handle]
            if index == 0 { product(sheet, &cells) }
            if index < sheet.skus.count { sku(sheet.skus[index], sheet, isFirst: index == 0, &cells) }
            if index < images.count {
                cells[ShopifyColumns.imageSource] = images[index].url
                cells[ShopifyColumns.imagePosition] = String(index + 1)
                cells[ShopifyColumns.imageAlt] = images[index].alt
            }
            return columns.map { cells[$0] ?? "" }
        }
    }

    private func product(_ sheet: ProductSheet, _ cells: inout [String: String]) {
        let units = sheet.product.units
        let kept = units[options.extra]
        for name in extraNames { cells[name] = kept?[name]?.string }
        cells[ShopifyColumns.title] = sheet.text("title", options)
        cells[ShopifyColumns.body] = sheet.text("body", options)
        cells[ShopifyColumns.seoTitle] = sheet.text("seo_title", options)
        cells[ShopifyColumns.seoDescription] = sheet.text("seo_description", options)
        cells[ShopifyColumns.vendor] = sheet.brand
        cells[ShopifyColumns.type] = units[Units.attributes]?["type"]?.string
        cells[ShopifyColumns.tags] = CellList.joined((units[Units.tags]?.array ?? []).compactMap(\.string))
        cells[ShopifyColumns.productID] = sheet.product.ref.id.text
        for (index, name) in sheet.optionNames.prefix(3).enumerated() { cells[ShopifyColumns.optionNames[index]] = name }
        guard let state = sheet.state else { return }
        cells[ShopifyColumns.published] = state == "on" ? "true" : "false"
        let word = kept?[ShopifyColumns.status]?.string
        switch (state, word) {
        case ("draft", _): cells[ShopifyColumns.status] = "draft"
        case ("off", "archived"?): cells[ShopifyColumns.status] = "archived"
        case ("on", "unlisted"?), ("off", "unlisted"?): cells[ShopifyColumns.status] = "unlisted"
        default: cells[ShopifyColumns.status] = "active"
        }
    }

    private func sku(_ sku: CatalogEntity, _ sheet: ProductSheet, isFirst: Bool, _ cells: inout [String: String]) {
        let units = sku.units
        for name in extraNames {
            if let value = units[options.extra]?[name]?.string { cells[name] = value }
        }
        cells[ShopifyColumns.skuID] = sku.ref.id.text
        cells[ShopifyColumns.sku] = units[Units.identity]?["code"]?.string
        let values = ProductSheet.values(sku)
        for (index, value) in values.prefix(3).enumerated() { cells[ShopifyColumns.optionValues[index]] = value }
        if sheet.optionNames.isEmpty {
            if isFirst { cells[ShopifyColumns.optionNames[0]] = ShopifyColumns.defaultOption.name }
            cells[ShopifyColumns.optionValues[0]] = ShopifyColumns.defaultOption.value
        }
        let price = units[options.price]
        cells[ShopifyColumns.price] = ProductSheet.money(price?["amount"], options.currency)
        cells[ShopifyColumns.compareAt] = ProductSheet.money(price?["compare_at"], options.currency)
        cells[ShopifyColumns.cost] = ProductSheet.money(price?["cost"], options.currency)
        cells[ShopifyColumns.quantity] = ProductSheet.number(units[Units.stock]?["quantity"])
        cells[ShopifyColumns.policy] =
            units[Units.stock]?["policy"]?.string ?? units[options.extra]?[ShopifyColumns.policy]?.string
        cells[ShopifyColumns.grams] = ProductSheet.number(units[Units.logistics]?["weight_g"])
        cells[ShopifyColumns.requiresShipping] = ProductSheet.bool(units[Units.logistics]?["requires_shipping"])
        cells[ShopifyColumns.barcode] = units[Units.barcode]?["code"]?.string
        cells[ShopifyColumns.variantImage] = ProductSheet.images(sku).first?.url
    }
}
