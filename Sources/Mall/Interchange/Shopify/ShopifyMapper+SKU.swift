import Commerce

extension ShopifyMapper {
    func sku(_ row: CSVRow, first: CSVRow, position: Int, handle: String) throws(RowFault) -> DesiredEntity {
        let optionNames = names(first)
        let values = optionNames.indices.map { text(ShopifyColumns.optionValues[$0], row)?.trimmed ?? "" }
        if let missing = values.firstIndex(of: "") {
            throw RowFault(
                line: row.line, column: columnName(ShopifyColumns.optionValues[missing]),
                reason: "the row has no value for the option \"\(optionNames[missing])\"")
        }
        let code = text(ShopifyColumns.sku, row)?.trimmed
        var sku = DesiredEntity(kind: .sku, line: row.line, aliases: aliases(row, handle: handle, values: values, code: code))
        let product = Link.Target(aliases: [Alias(.product, options.source, handle)])
        sku.links.append(Link(unit: Units.identity, slot: .member("product"), targets: [product]))
        sku.set(
            Units.identity, "options", JSON.present(values.map(JSON.string)),
            column: columnName(ShopifyColumns.optionValues[0]))
        sku.set(Units.identity, "position", .integer(Int64(position)), column: "", onlyWhenNew: true)
        if let code {
            sku.set(Units.identity, "code", JSON.present(code), column: columnName(ShopifyColumns.sku))
        }
        try setPrices(row, of: &sku)
        try setStock(row, of: &sku)
        try setLogistics(row, of: &sku)
        if let barcode = text(ShopifyColumns.barcode, row)?.trimmed {
            sku.set(
                Units.barcode, "code", JSON.present(barcode), column: columnName(ShopifyColumns.barcode))
        }
        if let image = text(ShopifyColumns.variantImage, row)?.trimmed {
            sku.set(
                Units.media, .cover(url: image.isEmpty ? nil : image), column: columnName(ShopifyColumns.variantImage))
        }
        return sku
    }

    private func aliases(_ row: CSVRow, handle: String, values: [String], code: String?) -> [Alias] {
        let variant = ([handle] + values).joined(separator: " / ")
        var aliases = [Alias(.sku, options.source, variant)]
        if let code, !code.isEmpty { aliases.insert(Alias(.sku, Alias.codeNamespace, code), at: 0) }
        if let id = text(ShopifyColumns.skuID, row)?.trimmed, !id.isEmpty {
            aliases.insert(Alias(.sku, Alias.idNamespace, id), at: 0)
        }
        return aliases
    }

    private func setPrices(_ row: CSVRow, of sku: inout DesiredEntity) throws(RowFault) {
        let members = [
            ("amount", ShopifyColumns.price), ("compare_at", ShopifyColumns.compareAt), ("cost", ShopifyColumns.cost),
        ]
        for (member, column) in members {
            guard let written = text(column, row)?.trimmed else { continue }
            var value: JSON?
            if !written.isEmpty {
                do throws(MoneyFault) {
                    value = .integer(try options.currency.minorUnits(written))
                } catch {
                    throw RowFault(line: row.line, column: columnName(column), value: written, reason: error.reason)
                }
            }
            sku.set(options.price, member, value, column: columnName(column))
        }
    }

    private func setStock(_ row: CSVRow, of sku: inout DesiredEntity) throws(RowFault) {
        guard let written = text(ShopifyColumns.quantity, row)?.trimmed else { return }
        let column = columnName(ShopifyColumns.quantity)
        let policy = text(ShopifyColumns.policy, row)?.trimmed.lowercased()
        if let policy, !["", "deny", "continue"].contains(policy) {
            throw RowFault(
                line: row.line, column: columnName(ShopifyColumns.policy), value: policy,
                reason: "unknown policy; write deny or continue")
        }
        // Without a quantity there is no stock to declare; the policy alone is kept for the way back.
        guard !written.isEmpty else {
            sku.set(Units.stock, .clear, column: column)
            let kept = JSON.present(policy ?? "")
            sku.set(options.extra, ShopifyColumns.policy, kept, column: columnName(ShopifyColumns.policy))
            return
        }
        guard let quantity = Int64(written) else {
            throw RowFault(line: row.line, column: column, value: written, reason: "not a whole number")
        }
        sku.set(Units.stock, "quantity", .integer(quantity), column: column)
        if let policy {
            sku.set(
                Units.stock, "policy", JSON.present(policy), column: columnName(ShopifyColumns.policy))
            sku.set(options.extra, ShopifyColumns.policy, nil, column: columnName(ShopifyColumns.policy))
        }
    }

    private func setLogistics(_ row: CSVRow, of sku: inout DesiredEntity) throws(RowFault) {
        if let written = text(ShopifyColumns.grams, row)?.trimmed {
            let column = columnName(ShopifyColumns.grams)
            var grams: JSON?
            if !written.isEmpty {
                do throws(DecimalText.Failure) {
                    grams = .integer(try DecimalText.rounded(written, digits: 0))
                } catch {
                    throw RowFault(line: row.line, column: column, value: written, reason: "not a number of grams")
                }
            }
            sku.set(Units.logistics, "weight_g", grams, column: column)
        }
        guard text(ShopifyColumns.requiresShipping, row) != nil else { return }
        let ships = try bool(ShopifyColumns.requiresShipping, row)
        sku.set(
            Units.logistics, "requires_shipping", ships.map(JSON.bool), column: columnName(ShopifyColumns.requiresShipping))
    }
}
