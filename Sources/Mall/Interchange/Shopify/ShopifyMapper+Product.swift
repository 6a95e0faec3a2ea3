import Commerce

extension ShopifyMapper {
    func product(_ group: ShopifyGroup, _ row: CSVRow) throws(RowFault) -> DesiredEntity {
        var aliases = [Alias(.product, options.source, group.handle), Alias(.product, Alias.idNamespace, group.handle)]
        if let id = text(ShopifyColumns.productID, row)?.trimmed, !id.isEmpty {
            aliases.insert(Alias(.product, Alias.idNamespace, id), at: 0)
        }
        var product = DesiredEntity(kind: .product, line: row.line, aliases: aliases)
        setTexts(row, of: &product)
        try setShelf(row, of: &product)
        if let tags = text(ShopifyColumns.tags, row) {
            let list = CellList.split(tags).map(JSON.string)
            product.set(Units.tags, list.isEmpty ? .clear : .replace(.array(list)), column: columnName(ShopifyColumns.tags))
        }
        if let type = text(ShopifyColumns.type, row)?.trimmed {
            product.set(
                Units.attributes, "type", JSON.present(type), column: columnName(ShopifyColumns.type))
        }
        if let vendor = text(ShopifyColumns.vendor, row)?.trimmed {
            let column = columnName(ShopifyColumns.vendor)
            if vendor.isEmpty {
                product.set(Units.brand, .clear, column: column)
            } else {
                product.link(.brand(named: vendor), column: column)
            }
        }
        if text(ShopifyColumns.optionNames[0], row) != nil {
            product.set(Units.options, .options(choices(group, row)), column: columnName(ShopifyColumns.optionNames[0]))
        }
        if !group.isDamaged, text(ShopifyColumns.imageSource, row) != nil {
            product.set(
                Units.media, .images(try images(group)), column: columnName(ShopifyColumns.imageSource))
        }
        return product
    }

    private func setTexts(_ row: CSVRow, of product: inout DesiredEntity) {
        let members = [
            ("title", ShopifyColumns.title), ("body", ShopifyColumns.body),
            ("seo_title", ShopifyColumns.seoTitle), ("seo_description", ShopifyColumns.seoDescription),
        ]
        for (member, column) in members {
            guard let value = text(column, row) else { continue }
            product.set(options.text, member, JSON.present(value.trimmed), column: columnName(column))
        }
    }

    /// `Status` says draft or archived; otherwise `Published` says whether it is on the shelf.
    private func setShelf(_ row: CSVRow, of product: inout DesiredEntity) throws(RowFault) {
        let status = text(ShopifyColumns.status, row)?.trimmed.lowercased() ?? ""
        let published = try bool(ShopifyColumns.published, row)
        let state: String? =
            switch status {
            case "draft": "draft"
            case "archived": "off"
            case "active", "unlisted": published == false ? "off" : "on"
            case "": published.map { $0 ? "on" : "off" }
            default:
                throw RowFault(
                    line: row.line, column: columnName(ShopifyColumns.status), value: status,
                    reason: "unknown status; write active, draft or archived")
            }
        let column = columnName(status.isEmpty ? ShopifyColumns.published : ShopifyColumns.status)
        if let state { product.set(Units.shelf, "state", .string(state), column: column) }
        // Two of Shopify's words come back as one of ours; the word itself is kept for the way back.
        if text(ShopifyColumns.status, row) != nil {
            let word = JSON.present(["archived", "unlisted"].contains(status) ? status : "")
            product.set(options.extra, ShopifyColumns.status, word, column: column)
        }
    }

    /// The options with the values the rows use, in order of first use.
    private func choices(_ group: ShopifyGroup, _ first: CSVRow) -> [UnitChange.Choice] {
        names(first).enumerated().map { index, name in
            var values: [String] = []
            for row in group.rows {
                guard let value = text(ShopifyColumns.optionValues[index], row)?.trimmed, !value.isEmpty,
                    !values.contains(value)
                else { continue }
                values.append(value)
            }
            return UnitChange.Choice(name: name, values: values)
        }
    }

    /// The names of the options, none for Shopify's placeholder.
    func names(_ first: CSVRow) -> [String] {
        let names = ShopifyColumns.optionNames.map { text($0, first)?.trimmed ?? "" }.prefix { !$0.isEmpty }
        let placeholder = ShopifyColumns.defaultOption
        if names.count == 1, names.first == placeholder.name,
            text(ShopifyColumns.optionValues[0], first)?.trimmed == placeholder.value
        {
            return []
        }
        return Array(names)
    }

    private func images(_ group: ShopifyGroup) throws(RowFault) -> [UnitChange.Image] {
        var found: [(position: Int, order: Int, image: UnitChange.Image)] = []
        for row in group.rows {
            guard let url = text(ShopifyColumns.imageSource, row)?.trimmed, !url.isEmpty else { continue }
            var position = found.count + 1
            if let written = text(ShopifyColumns.imagePosition, row)?.trimmed, !written.isEmpty {
                guard let number = Int(written), number > 0 else {
                    throw RowFault(
                        line: row.line, column: columnName(ShopifyColumns.imagePosition), value: written,
                        reason: "not a position; write 1, 2, 3 …")
                }
                position = number
            }
            let alt = text(ShopifyColumns.imageAlt, row)?.trimmed
            found.append((position, found.count, UnitChange.Image(url: url, alt: alt)))
        }
        return found.sorted { ($0.position, $0.order) < ($1.position, $1.order) }.map(\.image)
    }

    func bool(_ column: String, _ row: CSVRow) throws(RowFault) -> Bool? {
        guard let text = text(column, row)?.trimmed, !text.isEmpty else { return nil }
        guard let value = CellBool.value(of: text) else {
            throw RowFault(line: row.line, column: columnName(column), value: text, reason: CellBool.reason)
        }
        return value
    }
}
