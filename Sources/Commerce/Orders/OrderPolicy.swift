/// How a channel's orders are treated: how long they may rest, what becomes of money that does not fit, who sends.
package struct OrderPolicy: Hashable, Sendable {
    package var payments = PaymentPolicy()
    package var patience = OrderPatience()
    /// How long an order may be paid, and its goods are held.
    package var paymentWindow = Duration.seconds(1_800)
    /// How long after they were received goods may be claimed about.
    package var claimWindow = Duration.seconds(15 * 86_400)
    /// Those that send, the preferred one first; empty for all that are open, in their order.
    package var warehouses: [WarehouseID] = []
    /// Whether a line may come in two parcels.
    package var linesStayWhole = false

    package static let standard = OrderPolicy()
    /// As long as goods are held at most.
    package static let paymentWindowMax = Duration.seconds(7 * 86_400)

    package init() {}
}

extension OrderPolicy {
    private static let names = [
        "late_payment", "short_payment", "payment_window", "receive_after", "complete_after", "review_after", "answer_within",
        "return_within", "handle_within", "claim_within", "inquire_after", "warehouses", "lines_stay_whole",
    ]

    /// Durations are whole seconds.
    package var json: JSON {
        .members([
            ("late_payment", .string(payments.late.rawValue)), ("short_payment", .string(payments.short.rawValue)),
            ("payment_window", .seconds(paymentWindow)), ("receive_after", .seconds(patience.receive)),
            ("complete_after", .seconds(patience.complete)), ("review_after", .seconds(patience.review)),
            ("answer_within", .seconds(patience.answer)), ("return_within", .seconds(patience.sendBack)),
            ("handle_within", .seconds(patience.handle)), ("claim_within", .seconds(claimWindow)),
            ("inquire_after", .seconds(patience.inquire)), ("warehouses", .array(warehouses.map { .string($0.text) })),
            ("lines_stay_whole", .bool(linesStayWhole)),
        ])
    }

    /// Reads what ``json`` wrote, or a part of it; what is left out is as in ``standard``.
    ///
    /// - Throws: ``ValidationFailure`` about the first member that is wrong.
    package init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(value, allowed: OrderPolicy.names)
        if reader.has("late_payment") { payments.late = try reader.word("late_payment", as: PaymentPolicy.Late.self) }
        if reader.has("short_payment") { payments.short = try reader.word("short_payment", as: PaymentPolicy.Short.self) }
        try reader.take("payment_window", &paymentWindow, upTo: OrderPolicy.paymentWindowMax)
        let year = Duration.seconds(366 * 86_400)
        try reader.take("receive_after", &patience.receive, upTo: year)
        try reader.take("complete_after", &patience.complete, upTo: year)
        try reader.take("review_after", &patience.review, upTo: year)
        try reader.take("answer_within", &patience.answer, upTo: year)
        try reader.take("return_within", &patience.sendBack, upTo: year)
        try reader.take("handle_within", &patience.handle, upTo: year)
        try reader.take("claim_within", &claimWindow, upTo: year)
        try reader.take("inquire_after", &patience.inquire, upTo: .seconds(86_400))
        linesStayWhole = try reader.bool("lines_stay_whole") ?? false
        for text in reader.has("warehouses") ? try reader.strings("warehouses", max: 100) : [] {
            guard let id = WarehouseID(text), !warehouses.contains(id) else {
                throw reader.fail("warehouses", "must name warehouses, each once; \"\(text)\" is none, or named before")
            }
            warehouses.append(id)
        }
    }
}

extension JSON {
    fileprivate static func seconds(_ duration: Duration) -> JSON { .integer(duration.milliseconds / 1_000) }
}

extension ValueReader {
    fileprivate mutating func take(_ name: String, _ duration: inout Duration, upTo max: Duration) throws(ValidationFailure) {
        if let seconds = try integer(name, in: 1...(max.milliseconds / 1_000)) { duration = .seconds(seconds) }
    }
}
