extension CatalogFormat {
    /// Reads a Shopify product CSV.
    package static func shopifyReader(_ options: InterchangeOptions) -> CSVCatalogReader {
        CSVCatalogReader(format: .shopify) { header throws(InterchangeError) in
            try ShopifyInterpreter(header: header, options: options)
        }
    }
}
