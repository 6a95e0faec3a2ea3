/// The columns of a Shopify product CSV that have a unit of their own.
///
/// Every other column is kept as it is in `extra.shopify`. Newer Shopify exports name
/// some columns otherwise; both spellings are read, the older one is written.
/// See help.shopify.com, "Using CSV files to import and export products".
enum ShopifyColumns {
    static let handle = "Handle"
    static let title = "Title"
    static let body = "Body (HTML)"
    static let vendor = "Vendor"
    static let type = "Type"
    static let tags = "Tags"
    static let published = "Published"
    static let status = "Status"
    static let seoTitle = "SEO Title"
    static let seoDescription = "SEO Description"
    static let optionNames = ["Option1 Name", "Option2 Name", "Option3 Name"]
    static let optionValues = ["Option1 Value", "Option2 Value", "Option3 Value"]
    static let sku = "Variant SKU"
    static let grams = "Variant Grams"
    static let quantity = "Variant Inventory Qty"
    static let policy = "Variant Inventory Policy"
    static let price = "Variant Price"
    static let compareAt = "Variant Compare At Price"
    static let cost = "Cost per item"
    static let requiresShipping = "Variant Requires Shipping"
    static let barcode = "Variant Barcode"
    static let variantImage = "Variant Image"
    static let imageSource = "Image Src"
    static let imagePosition = "Image Position"
    static let imageAlt = "Image Alt Text"
    /// Ours: finds the product and SKU again whatever else was edited.
    static let productID = "Heyi Product"
    static let skuID = "Heyi SKU"

    static let productColumns = [
        title, body, vendor, type, tags, published, status, seoTitle, seoDescription, productID,
    ]
    static let skuColumns = [
        sku, grams, quantity, policy, price, compareAt, cost, requiresShipping, barcode, variantImage, skuID,
    ]
    static let imageColumns = [imageSource, imagePosition, imageAlt]

    /// The columns an export begins with, in Shopify's own order.
    static let exported =
        [handle, title, body, vendor, type, tags, published]
        + zip(optionNames, optionValues).flatMap { [$0, $1] }
        + [sku, grams, quantity, policy, price, compareAt, requiresShipping, barcode]
        + imageColumns + [seoTitle, seoDescription, variantImage, cost, status]

    /// Newer names of the same columns.
    static let otherNames: [String: String] = [
        handle: "URL handle", body: "Description", published: "Published on online store",
        sku: "SKU", grams: "Weight value (grams)", quantity: "Inventory quantity", price: "Price",
        compareAt: "Compare-at price", requiresShipping: "Requires shipping", barcode: "Barcode",
        imageSource: "Product image URL", variantImage: "Variant image URL",
    ]

    /// What stands for "no options" in a Shopify file.
    static let defaultOption = (name: "Title", value: "Default Title")

    /// Whether an unknown column belongs to the SKU and not to the product.
    static func isOfSKU(_ name: String) -> Bool { name.hasPrefix("Variant ") }
}
