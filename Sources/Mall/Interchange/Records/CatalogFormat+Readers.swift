extension CatalogFormat {
    /// The reader of a file of this format.
    ///
    /// - Parameter mapping: for `csv`, and for JSON Lines that are not Heyi's own.
    /// - Throws: ``InterchangeError/unusable(_:)`` when a mapping is missing or makes no sense here.
    package func reader(
        _ options: InterchangeOptions, mapping: CatalogMapping? = nil
    ) throws(InterchangeError) -> any CatalogReader {
        switch (self, mapping) {
        case (.shopify, nil):
            return CSVCatalogReader(format: .shopify, limits: options.limits) { header throws(InterchangeError) in
                try ShopifyInterpreter(header: header, options: options)
            }
        case (.woocommerce, nil):
            return CSVCatalogReader(format: .woocommerce, limits: options.limits) { header throws(InterchangeError) in
                try WooInterpreter(header: header, options: options)
            }
        case (.jsonl, nil): return JSONLinesReader(NativeLines(options: options))
        case (.jsonl, let mapping?): return JSONLinesReader(MappedLines(mapping: mapping, options: options))
        case (.csv, let mapping?):
            return CSVCatalogReader(format: .csv, limits: options.limits) { header throws(InterchangeError) in
                try MappedRows(header: header, mapping: mapping, options: options)
            }
        case (.csv, nil):
            throw .unusable("a CSV that is neither Shopify's nor WooCommerce's needs a mapping file; give it with --mapping")
        case (.shopify, _), (.woocommerce, _):
            throw .unusable("\(title) needs no mapping file; leave --mapping out or choose the format csv")
        }
    }
}

extension InterchangeOptions {
    fileprivate var limits: CSVParser.Limits {
        var limits = CSVParser.Limits()
        limits.cellBytesMax = cellBytesMax
        limits.recordBytesMax = max(limits.recordBytesMax, 2 * cellBytesMax)
        return limits
    }
}
