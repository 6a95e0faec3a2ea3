import Commerce
import Store

extension Schemas {
    private static let amount: JSON = ["type": "integer", "description": "Minor units of the currency."]
    private static let ruleMembers: [(String, JSON)] = [
        ("channels", list(text)), ("begins", instant), ("ends", instant), ("place", number), ("currency", text), ("products", list(text)),
        ("categories", list(text)), ("sku", text), ("from_quantity", number), ("unit", amount), ("members_only", flag),
        ("percent_off", number), ("threshold", amount), ("group", text), ("amount_off", amount), ("each", flag), ("times_max", number),
        ("amount_max", amount), ("quota", flag), ("points_per_unit", number), ("share_max", number),
        ("basis", words(["count", "weight", "volume"])), ("zones", list(["type": "object"])), ("excluded", list(list(text))),
        ("mode", words(["included", "added"])), ("rate", number), ("region", list(text)),
    ]
    private static let kind = words(PriceRule.Kind.allCases.map(\.rawValue))

    /// What an offer costs and why, as quotes and trials both show it.
    static let offer: [(String, JSON)] = [
        ("currency", text), ("total", amount), ("points", number),
        (
            "lines",
            list(
                object(
                    [("line", number), ("sku", text), ("title", text), ("quantity", number), ("points", number)]
                        + ["unit", "reduction", "freight", "tax", "payable"].map { ($0, amount) }))
        ),
        (
            "steps",
            list(
                object([
                    ("step", words(PriceStep.Name.allCases.map(\.rawValue))), ("rule", text), ("words", text), ("amount", amount),
                    ("lines", list(amount)),
                ]))
        ),
    ]

    /// What is to be bought, and how.
    static let basket: [(String, JSON)] = [
        ("coupons", list(text)), ("points", number), ("destination", list(text)), ("pick_up", text), ("currency", text), ("locale", text),
    ]
    static let basketLines: JSON = list(object([("sku", text), ("quantity", ["type": "integer", "minimum": 1])]))

    static let prices: [(String, JSON)] = [
        ("PriceRuleBody", object([("kind", kind), ("name", text)], optional: ruleMembers)),
        (
            "PriceRule",
            object([("id", text), ("version", number), ("changed_at", instant), ("kind", kind), ("name", text)], optional: ruleMembers)
        ),
        ("Basket", object([("channel", text), ("lines", basketLines)], optional: [("member", text)] + basket)),
        ("PriceTrial", object(offer)),
        (
            "Entitlement",
            object([
                ("kind", words(EntitlementKind.allCases.map(\.rawValue))), ("id", text), ("member", orNull(text)),
                ("starts_at", orNull(instant)), ("ends_at", orNull(instant)), ("available", number), ("held", number), ("claimed", number),
            ])
        ),
        (
            "IssueOrder",
            object(
                [("kind", words(EntitlementKind.allCases.map(\.rawValue))), ("id", text), ("cause", text)],
                optional: [("quantity", number), ("member", text), ("starts_at", instant), ("ends_at", instant)])
        ),
    ]
}
