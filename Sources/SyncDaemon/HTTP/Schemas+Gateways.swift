import ChannelAdapters
import Commerce

extension Schemas {
    static let gateways: [(String, JSON)] = [
        (
            "GatewayRow",
            object([
                ("id", text), ("kind", words(GatewayKind.allCases.map(\.rawValue))), ("parts", list(text)), ("fault", orNull(text)),
                ("callback_url", orNull(text)), ("admitted", number), ("refused", number), ("last_admitted", orNull(instant)),
                ("last_refused", orNull(instant)), ("last_refusal", orNull(text)),
            ])
        ),
        ("GatewayHealth", object([("level", words(GatewayHealth.Level.allCases.map(\.rawValue))), ("words", text)])),
        ("BillAccountList", object([("data", list(text)), ("next", orNull(text))])),
        ("BillReport", object([("gateway", text), ("day", text), ("state", text)], open: true)),
        ("BillDifference", object([("number", number), ("day", text), ("class", text), ("state", text)], open: true)),
        ("BillExplanation", object([("reason", text)])),
        (
            "ParcelNotice",
            object([
                ("notice", number), ("kind", text), ("order", text), ("parcel", text), ("tracking", text), ("detail", text), ("at", instant),
                ("settled_at", orNull(instant)), ("settled_by", orNull(text)),
            ])
        ),
        ("GatewaySample", object([("method", text), ("tail", text), ("headers", list(list(text))), ("body_base64", text)])),
    ]
}
