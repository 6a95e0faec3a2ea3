import Commerce

extension WooInterpreter {
    /// The product of a row, and its one SKU unless variations bring them.
    func product(_ row: CSVRow) throws(RowFault) -> [DesiredEntity] {
        let type = text(WooColumns.type, row) ?? ""
        let isVariable = CellList.split(type.lowercased()).contains("variable")
        let aliases = try productAliases(row)
        var product = DesiredEntity(kind: .product, line: row.line, aliases: aliases)
        setTexts(row, of: &product)
        try setShelf(row, of: &product)
        setLists(row, of: &product)
        setAttributes(row, isVariable: isVariable, of: &product)
        let isPlain = ["", "simple", "variable"].contains(type.lowercased())
        let kept = JSON.present(isPlain ? "" : type)
        product.set(options.extra, WooColumns.type, kept, column: WooColumns.type)
        if isVariable { keep(row, [WooColumns.sku], &product) }
        for (cell, name) in extras where !(isSKUExtra(name) && !isVariable) {
            let value = row.text(cell).trimmed
            product.set(options.extra, name, JSON.present(value), column: name)
        }
        guard !isVariable, hasSKU(row) else { return [product] }
        return [product, try sku(row, product: aliases, position: 1, isVariation: false)]
    }

    private func productAliases(_ row: CSVRow) throws(RowFault) -> [Alias] {
        var aliases: [Alias] = []
        if let id = text(WooColumns.productID, row), !id.isEmpty {
            aliases.append(Alias(.product, Alias.idNamespace, id))
        }
        if let id = text(WooColumns.id, row), !id.isEmpty { aliases.append(Alias(.product, options.source, "id:\(id)")) }
        if let code = text(WooColumns.sku, row), !code.isEmpty {
            aliases.append(Alias(.product, options.source, "sku:\(code)"))
        }
        guard !aliases.isEmpty else {
            throw fault(
                row, WooColumns.id, "", "the row has neither an ID nor a SKU, so it could not be found again; give it one")
        }
        return aliases
    }

    /// A product that came from here without a SKU gets none on its way back.
    private func hasSKU(_ row: CSVRow) -> Bool {
        guard let id = text(WooColumns.productID, row), !id.isEmpty else { return true }
        return [WooColumns.skuID, WooColumns.sku, WooColumns.regularPrice, WooColumns.stock].contains {
            !(text($0, row) ?? "").isEmpty
        }
    }

    private func setTexts(_ row: CSVRow, of product: inout DesiredEntity) {
        if let name = text(WooColumns.name, row) {
            product.set(options.text, "title", JSON.present(name), column: WooColumns.name)
        }
        for (member, column) in [("brief", WooColumns.brief), ("body", WooColumns.body)] {
            guard let value = text(column, row) else { continue }
            product.set(options.text, member, JSON.present(WooText.read(value)), column: column)
        }
    }

    /// Whether it is on the shelf, for products and variations alike.
    func setShelf(_ row: CSVRow, of entity: inout DesiredEntity) throws(RowFault) {
        guard let written = text(WooColumns.published, row), !written.isEmpty else { return }
        let state: String
        switch written {
        case "1": state = "on"
        case "0": state = "off"
        case "-1": state = "draft"
        default:
            guard let yes = CellBool.value(of: written) else {
                throw fault(row, WooColumns.published, written, "write 1 for published, 0 for private or -1 for draft")
            }
            state = yes ? "on" : "off"
        }
        entity.set(Units.shelf, "state", .string(state), column: WooColumns.published)
    }

    private func setLists(_ row: CSVRow, of product: inout DesiredEntity) {
        if let cell = text(WooColumns.tags, row) {
            let tags = CellList.split(cell).map(JSON.string)
            product.set(Units.tags, tags.isEmpty ? .clear : .replace(.array(tags)), column: WooColumns.tags)
        }
        if let cell = text(WooColumns.images, row) {
            let images = CellList.split(cell).map { UnitChange.Image(url: $0, alt: nil) }
            product.set(Units.media, .images(images), column: WooColumns.images)
        }
        if let cell = text(WooColumns.categories, row) {
            let paths = CellList.split(cell).map(CategoryPath.split).filter { !$0.isEmpty }
            if paths.isEmpty {
                product.set(Units.categories, .clear, column: WooColumns.categories)
            } else {
                product.link(.categories(paths), column: WooColumns.categories)
            }
        }
        if let cell = text(WooColumns.brands, row) {
            if let brand = CellList.split(cell).first {
                product.link(.brand(named: brand), column: WooColumns.brands)
            } else {
                product.set(Units.brand, .clear, column: WooColumns.brands)
            }
        }
    }

    /// Attributes that tell SKUs apart are options; the others describe the product.
    private func setAttributes(_ row: CSVRow, isVariable: Bool, of product: inout DesiredEntity) {
        guard let first = attributes.first else { return }
        let ours = text(WooColumns.optionNames, row).map(CellList.split) ?? []
        var choices: [UnitChange.Choice] = []
        var described = JSONObject()
        for columns in attributes {
            let name = row.text(columns.name).trimmed
            guard !name.isEmpty else { continue }
            let cell = columns.values.map(row.text)?.trimmed ?? ""
            let values = CellList.split(cell)
            let hasDefault = columns.flags.contains { $0.word == "default" && !row.isEmpty($0.cell) }
            let isOption = ours.isEmpty ? isVariable && (values.count > 1 || hasDefault) : ours.contains(name)
            if isOption {
                choices.append(UnitChange.Choice(name: name, values: values))
            } else if !cell.trimmed.isEmpty {
                described[name] = .string(cell)
            }
            for (flag, word) in columns.flags {
                let value = row.text(flag).trimmed
                let kept = WooColumns.flag(word, of: name)
                product.set(options.extra, kept, JSON.present(value), column: header.names[flag])
            }
        }
        if !ours.isEmpty { choices.sort { (ours.firstIndex(of: $0.name) ?? 0) < (ours.firstIndex(of: $1.name) ?? 0) } }
        let column = header.names[first.name]
        product.set(
            Units.attributes, described.isEmpty ? .clear : .replace(.object(described)), column: column)
        product.set(Units.options, .options(choices), column: column)
    }
}
