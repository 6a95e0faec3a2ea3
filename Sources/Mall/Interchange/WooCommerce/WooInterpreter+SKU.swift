import Commerce

extension WooInterpreter {
    func sku(
        _ row: CSVRow, product: [Alias], position: Int, isVariation: Bool
    ) throws(RowFault) -> DesiredEntity {
        let code = text(WooColumns.sku, row)
        var sku = DesiredEntity(kind: .sku, line: row.line, aliases: try aliases(row, code: code))
        sku.links.append(Link(unit: Units.identity, slot: .member("product"), targets: [Link.Target(aliases: product)]))
        if let code {
            sku.set(Units.identity, "code", JSON.present(code), column: WooColumns.sku)
        }
        sku.set(Units.identity, "position", .integer(Int64(position)), column: "", onlyWhenNew: true)
        let values = isVariation ? attributes.compactMap { value($0, row) } : []
        sku.set(
            Units.identity, "options", JSON.present(values.map(JSON.string)),
            column: attributes.first?.values.map { header.names[$0] } ?? "")
        try setPrices(row, of: &sku)
        try setStock(row, of: &sku)
        try setLogistics(row, of: &sku)
        if let gtin = text(WooColumns.gtin, row) {
            sku.set(Units.barcode, "code", JSON.present(gtin), column: WooColumns.gtin)
        }
        if isVariation {
            if let cell = text(WooColumns.images, row) {
                let images = CellList.split(cell).map { UnitChange.Image(url: $0, alt: nil) }
                sku.set(Units.media, .images(images), column: WooColumns.images)
            }
            try setShelf(row, of: &sku)
        }
        for (cell, name) in extras where isVariation || isSKUExtra(name) {
            // With a quantity, whether it is in stock follows from that.
            let isDerived = name == WooColumns.inStock && Int64(text(WooColumns.stock, row) ?? "") != nil
            let value = isDerived ? "" : row.text(cell).trimmed
            sku.set(options.extra, name, JSON.present(value), column: name)
        }
        return sku
    }

    /// Whether a column without a unit of its own belongs to the SKU even in a product's row.
    func isSKUExtra(_ name: String) -> Bool { name == WooColumns.inStock }

    /// Keeps cells as they are, for the way back.
    func keep(_ row: CSVRow, _ columns: [String], _ entity: inout DesiredEntity) {
        for column in columns {
            guard let value = text(column, row) else { continue }
            entity.set(options.extra, column, JSON.present(value), column: column)
        }
    }

    private func aliases(_ row: CSVRow, code: String?) throws(RowFault) -> [Alias] {
        var aliases: [Alias] = []
        if let id = text(WooColumns.skuID, row), !id.isEmpty { aliases.append(Alias(.sku, Alias.idNamespace, id)) }
        if let code, !code.isEmpty { aliases.append(Alias(.sku, Alias.codeNamespace, code)) }
        if let id = text(WooColumns.id, row), !id.isEmpty { aliases.append(Alias(.sku, options.source, "id:\(id)")) }
        guard !aliases.isEmpty else {
            throw fault(
                row, WooColumns.id, "", "the row has neither an ID nor a SKU, so it could not be found again; give it one")
        }
        return aliases
    }

    private func value(_ columns: WooAttributeColumns, _ row: CSVRow) -> String? {
        guard !row.isEmpty(columns.name), let cell = columns.values else { return nil }
        return CellList.split(row.text(cell)).first
    }

    /// With a sale price, that is what is paid and the regular price is what it is compared at.
    private func setPrices(_ row: CSVRow, of sku: inout DesiredEntity) throws(RowFault) {
        guard let regular = text(WooColumns.regularPrice, row) else { return }
        let sale = text(WooColumns.salePrice, row) ?? ""
        let (paid, column) = sale.isEmpty ? (regular, WooColumns.regularPrice) : (sale, WooColumns.salePrice)
        sku.set(options.price, "amount", try money(paid, column, row), column: column)
        let before = sale.isEmpty ? "" : regular
        sku.set(
            options.price, "compare_at", try money(before, WooColumns.regularPrice, row), column: WooColumns.regularPrice)
    }

    private func money(_ text: String, _ column: String, _ row: CSVRow) throws(RowFault) -> JSON? {
        guard !text.isEmpty else { return nil }
        do throws(MoneyFault) {
            return .integer(try options.currency.minorUnits(text))
        } catch {
            throw fault(row, column, text, error.reason)
        }
    }

    private func setStock(_ row: CSVRow, of sku: inout DesiredEntity) throws(RowFault) {
        guard let written = text(WooColumns.stock, row) else { return keep(row, [WooColumns.backorders], &sku) }
        guard !written.isEmpty, written != "parent" else {
            sku.set(Units.stock, .clear, column: WooColumns.stock)
            return keep(row, [WooColumns.stock, WooColumns.backorders], &sku)
        }
        guard let quantity = Int64(written) else { throw fault(row, WooColumns.stock, written, "not a whole number") }
        sku.set(Units.stock, "quantity", .integer(quantity), column: WooColumns.stock)
        sku.set(options.extra, WooColumns.stock, nil, column: WooColumns.stock)
        guard let backorders = text(WooColumns.backorders, row) else { return }
        let policy: JSON? =
            switch backorders.lowercased() {
            case "": nil
            case "notify": "continue"
            default:
                switch CellBool.value(of: backorders) {
                case true: "continue"
                case false: "deny"
                case nil:
                    throw fault(row, WooColumns.backorders, backorders, "write 0, 1 or notify")
                }
            }
        sku.set(Units.stock, "policy", policy, column: WooColumns.backorders)
        let kept = JSON.present(backorders.lowercased() == "notify" ? "notify" : "")
        sku.set(options.extra, WooColumns.backorders, kept, column: WooColumns.backorders)
    }

    private func setLogistics(_ row: CSVRow, of sku: inout DesiredEntity) throws(RowFault) {
        let members = [
            ("weight_g", WooColumns.weight, 3), ("length_mm", WooColumns.length, 1), ("width_mm", WooColumns.width, 1),
            ("height_mm", WooColumns.height, 1),
        ]
        for (member, column, digits) in members {
            guard let written = text(column, row) else { continue }
            var value: JSON?
            if !written.isEmpty {
                do throws(DecimalText.Failure) {
                    value = .integer(try DecimalText.rounded(written, digits: digits))
                } catch {
                    throw fault(row, column, written, "not a number")
                }
            }
            sku.set(Units.logistics, member, value, column: column)
        }
    }
}
