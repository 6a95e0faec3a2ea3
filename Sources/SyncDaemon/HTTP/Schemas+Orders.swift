import Commerce
import Mall
import Store

extension Schemas {
    private static let amount: JSON = ["type": "integer", "description": "Minor units of the currency."]
    private static let pieces: JSON = ["type": "integer", "minimum": 0]
    private static let money = object([("amount", amount), ("currency", text)])
    private static let linePieces = object([("line", number), ("pieces", pieces)])
    private static let share = object([("line", number), ("pieces", pieces), ("amount", amount)])

    /// What buyers and operators both see of an order.
    static let orderFacts: [(String, JSON)] = [
        ("number", text), ("version", number), ("state", words(OrderPhase.allCases.map(\.rawValue))), ("channel", orNull(text)),
        ("member", orNull(text)),
        (
            "buyer",
            orNull(object([("name", text), ("phone", text), ("region", list(text)), ("address", text)]))
        ),
        ("placed_at", orNull(instant)), ("payment_due", orNull(instant)), ("pick_up", orNull(text)), ("remark", orNull(text)),
        ("remarks", list(text)),
        (
            "money",
            orNull(
                object(
                    [("currency", text)] + ["total", "paid", "missing", "promised_back", "refunded", "owed_back"].map { ($0, amount) }))
        ),
        (
            "lines",
            list(
                object(
                    [
                        ("line", number), ("sku", text), ("title", text), ("quantity", pieces),
                        ("returned", list(object([("pieces", pieces), ("as", words(Disposition.allCases.map(\.rawValue)))]))),
                    ]
                        + ["unit", "reduction", "points", "freight", "tax", "payable", "refunded"].map { ($0, amount) }
                        + ["shipped", "delivered", "called_off", "given_back"].map { ($0, pieces) }))
        ),
        ("steps", list(["type": "object"])),
        (
            "payments",
            list(
                object([
                    ("gateway", text), ("transaction", text), ("amount", money), ("at", instant), ("promised_back", amount),
                    ("refunded", amount),
                ]))
        ),
        (
            "attempts",
            list(
                object([
                    ("attempt", text), ("gateway", text), ("amount", money), ("at", instant), ("end", words(["unknown", "closed", "paid"])),
                ]))
        ),
        (
            "parcels",
            list(
                object([
                    ("parcel", text), ("carrier", text), ("tracking", text), ("warehouse", text), ("shipped_at", instant),
                    ("delivered_at", orNull(instant)), ("lines", list(linePieces)),
                ]))
        ),
        (
            "cases",
            list(
                object([
                    ("case", text), ("state", words(AfterSalePhase.allCases.map(\.rawValue))),
                    ("kind", orNull(words(AfterSaleKind.allCases.map(\.rawValue)))), ("reason", orNull(text)), ("evidence", list(text)),
                    ("asked_at", orNull(instant)), ("terms", list(share)), ("granted", amount), ("refunded", amount),
                ]))
        ),
    ]

    static let refund: [(String, JSON)] = [
        ("refund", text), ("at_gateway", text), ("gateway", text), ("transaction", text), ("amount", money),
        ("reason", words(["cancelled", "surplus", "after-sale", "goodwill"])), ("at", instant), ("settled", flag),
    ]

    private static let timer = object([
        ("order", text), ("kind", words(OrderTimer.Kind.allCases.map(\.rawValue))), ("case", orNull(text)), ("due_at", instant),
        ("look_at", orNull(instant)), ("done_at", orNull(instant)), ("tries", number), ("told", orNull(text)),
    ])

    /// Orders, as operators see them.
    static let orders: [(String, JSON)] = [
        (
            "OrderHead",
            object([
                ("number", text), ("channel", orNull(text)), ("external_number", orNull(text)), ("member", orNull(text)),
                ("state", words(OrderPhase.allCases.map(\.rawValue))), ("total", orNull(money)), ("placed_at", orNull(instant)),
                ("changed_at", instant), ("version", number), ("cases", number), ("problems", number),
            ])
        ),
        (
            "Order",
            object(
                orderFacts + [
                    ("owner", text), ("external_number", orNull(text)), ("holds", list(named("Hold"))), ("timers", list(named("Timer"))),
                    (
                        "entitlements",
                        list(
                            object([
                                ("kind", words(EntitlementKind.allCases.map(\.rawValue))), ("id", text), ("held", number), ("claimed", number),
                                ("returned", number),
                            ]))
                    ),
                    ("problems", list(text)),
                    (
                        "refunds",
                        list(
                            object(
                                refund,
                                optional: [
                                    ("stage", words(RefundTry.Stage.allCases.map(\.rawValue))), ("tries", number), ("told", orNull(text)),
                                    ("look_at", orNull(instant)),
                                ]))
                    ),
                    (
                        "timeline",
                        list(
                            object([
                                ("at", instant), ("what", words(OrderFact.Kind.allCases.map(\.rawValue))), ("key", text), ("by", text),
                                ("fact", ["type": "object"]),
                            ]))
                    ),
                ])
        ),
        ("Timer", timer),
        ("ShippingPlan", object([("parcels", list(object([("warehouse", text), ("lines", list(linePieces))])))])),
        (
            "OrderAct",
            object(
                [("act", words(OrderAct.Word.allCases.map(\.rawValue)))],
                optional: [
                    ("carrier", text), ("tracking", text), ("warehouse", text), ("lines", list(["type": "object"])), ("parcel", text),
                    ("code", text), ("text", text), ("title", text), ("reason", text), ("line", number), ("gateway", text),
                    ("transaction", text), ("amount", anything), ("kind", words(AfterSaleKind.allCases.map(\.rawValue))),
                    ("evidence", list(text)), ("case", text), ("answer", words(["agree", "offer", "decline"])),
                    ("goods", list(["type": "object"])), ("for", words(["buyer", "seller"])),
                ])
        ),
        ("OrderCancellation", object([("reason", text)])),
        (
            "PaymentOpening",
            object(
                [("gateway", text)],
                optional: [("way", text), ("payer", text), ("client_address", text), ("return_url", text)])
        ),
        ("OpenedPayment", object([("attempt", text), ("gateway", text), ("amount", money), ("parameters", anything)])),
        ("TrialPayment", object([], optional: [("amount", amount), ("transaction", text)])),
        ("RefundAct", object([("act", words(RefundAct.allCases.map(\.rawValue)))])),
        ("OrderDifference", object([("order", text), ("problem", text)])),
        (
            "OrderPolicy",
            object(
                [],
                optional: [
                    ("late_payment", words(PaymentPolicy.Late.allCases.map(\.rawValue))),
                    ("short_payment", words(PaymentPolicy.Short.allCases.map(\.rawValue))), ("warehouses", list(text)),
                    ("lines_stay_whole", flag),
                ]
                    + [
                        "payment_window", "receive_after", "complete_after", "review_after", "answer_within", "return_within",
                        "handle_within", "claim_within", "inquire_after",
                    ].map { ($0, number) })
        ),
    ]
}
