import Commerce

extension Schemas {
    /// What those who shop ask and get.
    static let shop: [(String, JSON)] = [
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
