import Commerce

extension ShopifyMapper {
    /// Keeps every column without a unit of its own, so that an export gives it back.
    ///
    /// A product's own stand in its first row; what further rows have there belongs to
    /// the SKU of that row. A row that is only an image has nowhere to keep them.
    func addExtras(
        of group: ShopifyGroup, to product: inout DesiredEntity, _ skus: inout [DesiredEntity],
        _ events: inout [CatalogEvent]
    ) {
        guard let first = group.rows.first else { return }
        for (cell, name) in productExtras {
            let value = first.text(cell).trimmed
            product.set(options.extra, name, JSON.present(value), column: name)
        }
        let byLine = Dictionary(skus.indices.map { (skus[$0].line, $0) }) { first, _ in first }
        for row in group.rows {
            let index = byLine[row.line]
            if let index {
                for (cell, name) in skuExtras {
                    let value = row.text(cell).trimmed
                    skus[index].set(options.extra, name, JSON.present(value), column: name)
                }
            }
            guard row.line != first.line else { continue }
            for (cell, name) in productExtras {
                let value = text(cell, row)
                if let index {
                    skus[index].set(options.extra, name, value.map(JSON.string), column: name)
                } else if let value {
                    let reason = "a row that is only an image cannot keep this column"
                    events.append(
                        .fault(RowFault(line: row.line, column: name, value: value, reason: reason, isWarning: true)))
                }
            }
        }
    }

    private func text(_ cell: Int, _ row: CSVRow) -> String? {
        let text = row.isEmpty(cell) ? "" : row.text(cell).trimmed
        return text.isEmpty ? nil : text
    }
}
