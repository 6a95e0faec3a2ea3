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
            "ShopChanges",
            object([
                (
                    "data",
                    list(
                        object(
                            [("what", words(["stock", "order"])), ("state", text)],
                            optional: [("sku", text), ("quantity", orNull(number)), ("number", text), ("member", orNull(text)), ("version", number)]))
                ), ("next", text), ("complete", flag),
            ])
        ),
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
            "ShopOrderRow",
            object([
                ("number", text), ("state", words(OrderPhase.allCases.map(\.rawValue))),
                ("total", orNull(object([("amount", number), ("currency", text)]))), ("placed_at", orNull(instant)), ("changed_at", instant),
                ("version", number), ("cases", number),
            ])
        ),
        (
            "ShopOrder",
            object(
                orderFacts + [
                    ("refunds", list(object(refund))),
                    (
                        "timeline",
                        list(object([("at", instant), ("what", words(OrderFact.Kind.allCases.map(\.rawValue))), ("key", text)]))
                    ),
                ], optional: [("pick_up_code", text)])
        ),
        (
            "QuoteOrder",
            object(
                [],
                optional: [
                    ("cart", text), ("lines", list(object([("sku", text), ("quantity", ["type": "integer", "minimum": 1])]))),
                    ("currency", text), ("locale", text), ("coupons", list(text)), ("points", ["type": "integer", "minimum": 0]),
                    ("destination", list(text)), ("pick_up", text),
                ])
        ),
        (
            "Quote",
            object([
                ("id", text), ("expires_at", instant), ("currency", text), ("total", number),
                (
                    "lines",
                    list(
                        object(
                            [("line", number), ("sku", text), ("title", text), ("quantity", number)]
                                + ["unit", "reduction", "points", "freight", "tax", "payable"].map { ($0, number) }))
                ), ("steps", list(["type": "object"])), ("coupons", list(text)), ("points", number), ("destination", orNull(list(text))),
                ("pick_up", orNull(text)),
            ])
        ),
        (
            "CheckoutOrder",
            object(
                [("quote", text), ("buyer", object([("name", text), ("phone", text)], optional: [("address", text)]))],
                optional: [("remark", text)])
        ),
        ("ShopRemark", object([("text", text)])),
        (
            "ShopClaim",
            object(
                [
                    ("kind", words(AfterSaleKind.allCases.map(\.rawValue))),
                    ("lines", list(object([("line", number), ("pieces", number)], optional: [("amount", number)]))), ("reason", text),
                ], optional: [("evidence", list(text))])
        ),
        (
            "ShopAnswer",
            object(
                [("answer", words(["agree", "offer", "decline"]))],
                optional: [("lines", list(object([("line", number), ("pieces", number), ("amount", number)]))), ("reason", text)])
        ),
        ("ShopSending", object([("carrier", text), ("tracking", text)])), ("ShopComplaint", object([("reason", text)])),
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
