import Commerce
import Store

extension Schemas {
    private static let count: JSON = ["type": "integer", "minimum": 0]

    /// Stock, as operators see it.
    static let stock: [(String, JSON)] = [
        (
            "StockLevel",
            object(
                [("sku", text), ("warehouse", text), ("alert_below", orNull(number)), ("low", flag)]
                    + [
                        "on_hand", "free", "pool", "safety", "rights", "reserved", "sold", "damaged", "transit", "backordered",
                        "forced", "backorder_limit",
                    ].map { ($0, count) })
        ),
        (
            "StockEntry",
            object([
                ("id", number), ("sku", text), ("kind", words(StockEntryKind.allCases.map(\.rawValue))), ("quantity", count),
                ("from", text), ("from_warehouse", text), ("to", text), ("to_warehouse", text), ("cause", text), ("at", instant),
                ("author", orNull(text)), ("reason", orNull(text)),
            ])
        ),
        (
            "Hold",
            object([
                ("id", number), ("owner", text), ("line", text), ("attempt", number), ("sku", text), ("warehouse", text),
                ("quantity", number), ("state", words(HoldState.allCases.map(\.rawValue))), ("in_doubt", flag),
                ("expires_at", orNull(instant)), ("at", instant), ("ended_at", orNull(instant)), ("shipped", count),
                ("unsold", count), ("returned", count),
            ])
        ),
        (
            "Right",
            object([
                ("channel", text), ("sku", text), ("warehouse", text), ("granted", count), ("withdrawing", count),
                ("published", count), ("withdrawal", orNull(text)), ("told", orNull(number)), ("says", orNull(number)),
                ("under_way", flag), ("error", orNull(text)), ("guarantee", text),
            ])
        ),
        (
            "StockNotice",
            object([
                ("id", number), ("kind", words(["breach", "shortage"])), ("sku", text), ("warehouse", text),
                ("channel", orNull(text)), ("quantity", number), ("owed", count), ("cause", text), ("at", instant),
                ("settled_at", orNull(instant)), ("settled_by", orNull(text)),
            ])
        ),
        (
            "StockDifference",
            object([
                ("law", words(StockDifference.Law.allCases.map(\.rawValue))), ("subject", text), ("account", orNull(text)),
                ("shown", number), ("expected", number), ("problem", text),
            ])
        ),
        ("Warehouse", object([("id", text), ("name", text), ("place", number), ("closed", flag)])),
        (
            "StockReport",
            object([
                ("sku", text), ("version", number), ("available", number), ("levels", list(named("StockLevel"))),
                ("rights", list(named("Right"))), ("shown", list(object([("channel", text), ("quantity", number)]))),
                ("holds", list(named("Hold"))), ("entries", list(named("StockEntry"))),
            ])
        ),
        (
            "StockAnswer",
            object([
                ("result", words(["done", "known"])),
                ("steps", list(object([("from", text), ("to", text), ("quantity", number)]))),
            ])
        ),
        ("HoldAnswer", object([("result", words(["held", "known", "done", "already"])), ("holds", list(named("Hold")))])),
        ("StockRule", object([], optional: [("warehouse", text), ("backorder_limit", count), ("alert_below", orNull(number))])),
        (
            "StockMove",
            object(
                [("act", words(StockMoveOrder.Act.allCases.map(\.rawValue))), ("sku", text), ("quantity", number), ("cause", text)],
                optional: [("warehouse", text), ("to", text), ("reason", text)])
        ),
        (
            "HoldOrder",
            object(
                [("owner", text), ("lines", list(object([("sku", text), ("quantity", number)], optional: [("line", text)])))],
                optional: [("attempt", number), ("minutes", number), ("channel", text)])
        ),
        ("HoldRelease", object([("owner", text)], optional: [("attempt", number)])),
        (
            "RightOrder",
            object(
                [("act", words(RightOrder.Act.allCases.map(\.rawValue))), ("channel", text), ("sku", text), ("cause", text)],
                optional: [("warehouse", text), ("quantity", number)])
        ),
        ("BalanceOrder", object([("sku", text)], optional: [("units", orNull(number))])),
        (
            "PublishingOrder",
            object(
                [("channel", text)],
                optional: [
                    ("sku", text), ("share", number), ("floor", number), ("cap", orNull(number)), ("ring_fence", number), ("buffer", number),
                ])
        ),
        ("StockRepair", object([], optional: [("sku", text), ("believe", words(StockTruth.allCases.map(\.rawValue)))])),
        ("WarehouseOrder", object([], optional: [("name", text), ("place", number), ("closed", flag)])),
    ]
}
