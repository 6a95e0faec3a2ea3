import Commerce

/// The JSON schemas of the OpenAPI document, by name.
///
/// Members of answers are all listed and required, null where there is nothing to say;
/// a test holds each to what the reports really render.
enum Schemas {
    static var all: [(name: String, schema: JSON)] {
        common + requests + protocolMessages + reports + stock + orders + prices + shop + gateways + lists
    }

    static let text: JSON = ["type": "string"]
    static let number: JSON = ["type": "integer"]
    static let flag: JSON = ["type": "boolean"]
    /// Milliseconds since 1970 UTC.
    static let instant: JSON = ["type": "integer", "description": "Milliseconds since 1970 UTC."]
    static let anything: JSON = true

    static func orNull(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }
    static func words(_ words: [String]) -> JSON { ["type": "string", "enum": .array(words.map(JSON.string))] }
    static func list(_ schema: JSON) -> JSON { ["type": "array", "items": schema] }
    static func named(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// An object with all these members, and when `open` any others.
    static func object(_ members: [(String, JSON)], optional: [(String, JSON)] = [], open: Bool = false) -> JSON {
        [
            "type": "object", "properties": .object(JSONObject(members + optional)),
            "required": .array(members.map { .string($0.0) }), "additionalProperties": .bool(open),
        ]
    }

    private static let common: [(String, JSON)] = [
        (
            "Problem",
            object(
                [("type", text), ("title", text), ("status", number), ("code", text), ("detail", text)],
                optional: [
                    ("field", text), ("next", text), ("retry_after", number), ("request_id", text), ("trace_id", text),
                    ("current", named("EntityReport")),
                ], open: true)
        ),
        ("Document", ["type": "object"]),
        ("Entity", object([("kind", words(EntityKind.allCases.map(\.rawValue))), ("id", text)])),
        ("Clock", ["type": "object", "additionalProperties": ["type": "integer", "minimum": 1]]),
    ]

    private static let lists: [(String, JSON)] = [
        ("ChannelList", "ChannelStatus"), ("ConflictList", "ConflictReport"), ("InboxList", "InboxRow"),
        ("QueueList", "QueueRow"), ("DriftList", "DriftRow"), ("TokenList", "TokenRecord"),
        ("StockList", "StockLevel"), ("StockEntryList", "StockEntry"), ("HoldList", "Hold"), ("RightList", "Right"),
        ("StockNoticeList", "StockNotice"), ("StockDifferenceList", "StockDifference"), ("WarehouseList", "Warehouse"),
        ("OrderList", "OrderHead"), ("TimerList", "Timer"), ("OrderDifferenceList", "OrderDifference"), ("PriceRuleList", "PriceRule"),
        ("EntitlementList", "Entitlement"),
        ("ShopProductList", "ShopProductRow"), ("GatewayList", "GatewayRow"), ("ParcelNoticeList", "ParcelNotice"), ("ShopOrderList", "ShopOrderRow"),
    ].map { name, row in (name, object([("data", list(named(row))), ("next", orNull(text))])) }
}
