/// The columns of a WooCommerce product CSV that have a unit of their own.
///
/// Every other column is kept as it is in `extra.woocommerce`.
/// See the WooCommerce wiki, "Product CSV Importer/Exporter", schema.
enum WooColumns {
    static let id = "ID"
    static let type = "Type"
    static let sku = "SKU"
    static let gtin = "GTIN, UPC, EAN, or ISBN"
    static let name = "Name"
    static let published = "Published"
    static let brief = "Short description"
    static let body = "Description"
    static let inStock = "In stock?"
    static let stock = "Stock"
    static let backorders = "Backorders allowed?"
    static let weight = "Weight (kg)"
    static let length = "Length (cm)"
    static let width = "Width (cm)"
    static let height = "Height (cm)"
    static let salePrice = "Sale price"
    static let regularPrice = "Regular price"
    static let categories = "Categories"
    static let tags = "Tags"
    static let images = "Images"
    static let parent = "Parent"
    static let brands = "Brands"
    /// Ours: WooCommerce keeps what begins with `Meta:` and gives it back.
    static let productID = "Meta: heyi_product"
    static let skuID = "Meta: heyi_sku"

    /// Ours: which attributes are the options that tell the SKUs apart.
    static let optionNames = "Meta: heyi_options"
    static let attributeFlags = ["visible", "global", "default"]

    /// The name under which `extra` keeps a flag of an attribute, whatever its number.
    static func flag(_ word: String, of attribute: String) -> String { "Attribute \(word): \(attribute)" }

    static func attributeName(_ number: Int) -> String { "Attribute \(number) name" }
    static func attributeValues(_ number: Int) -> String { "Attribute \(number) value(s)" }

    static let known = [
        id, type, sku, gtin, name, published, brief, body, stock, backorders, weight, length, width, height,
        salePrice, regularPrice, categories, tags, images, parent, brands, productID, skuID,
    ]

    static let exported = [
        id, type, sku, gtin, name, published, brief, body, inStock, stock, backorders, weight, length, width, height,
        salePrice, regularPrice, categories, tags, images, parent, brands,
    ]
}
