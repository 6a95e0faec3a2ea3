import Commerce
import Mall

extension Schemas {
    private static let stockState = words(ShelfStock.State.allCases.map(\.rawValue))
    private static let productWords: [(String, JSON)] = [
        ("id", text), ("locale", orNull(text)), ("title", orNull(text)), ("brief", orNull(text)),
        ("brand", orNull(object([("id", orNull(text)), ("name", orNull(text))]))), ("categories", list(text)), ("tags", list(text)),
        ("media", list(["type": "object"])),
    ]

    /// What those who shop ask and get.
    static let shop: [(String, JSON)] = [
        (
            "ShopProductRow",
            object(
                productWords + [
                    ("price", orNull(object([("from", number), ("to", number), ("currency", text)]))), ("stock", stockState),
                ])
        ),
        (
            "ShopProduct",
            object(
                productWords + [
                    ("body", orNull(text)), ("seo_title", orNull(text)), ("seo_description", orNull(text)),
                    ("options", list(object([("name", text), ("values", list(text))]))),
                    ("attributes", ["type": "object", "additionalProperties": text]), ("unit_of_sale", orNull(text)),
                    ("age_limit", orNull(number)), ("order_limit", orNull(number)), ("skus", list(named("ShopSKU"))),
                ])
        ),
        (
            "ShopSKU",
            object([
                ("id", text), ("product", text), ("code", orNull(text)), ("options", list(text)), ("barcode", orNull(text)),
                ("media", list(["type": "object"])),
                (
                    "price",
                    orNull(
                        object([
                            ("amount", number), ("currency", text), ("compare_at", orNull(number)), ("until", orNull(instant)),
                        ]))
                ), ("stock", object([("state", stockState), ("quantity", orNull(number))])), ("can_be_bought", flag),
            ])
        ),
        (
            "Cart",
            object([
                ("id", orNull(text)), ("version", ["type": "integer", "minimum": 0]), ("member", orNull(text)),
                ("lines", list(object([("sku", text), ("quantity", ["type": "integer", "minimum": 1])]))),
            ])
        ),
        (
            "CartEdits",
            object(
                [],
                optional: [
                    (
                        "lines",
                        list(
                            object(
                                [("sku", text)],
                                optional: [("add", ["type": "integer", "minimum": 1]), ("set", ["type": "integer", "minimum": 0])]))
                    )
                ])
        ),
    ]
}
