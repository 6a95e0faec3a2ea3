extension OrderFact {
    /// What is stored of it beside its kind; with it the fact is whole again, see ``init(kind:body:)``.
    package var body: JSON {
        switch self {
        case .placed(let order): order.json
        case .repriced(let repricing):
            .members([
                ("number", .integer(Int64(repricing.number))), ("lines", .array(repricing.lines.map(\.json))),
                ("reason", .text(repricing.reason)),
            ])
        case .paymentOpened(let attempt):
            .members([
                ("attempt", .string(attempt.id.text)), ("gateway", .string(attempt.gateway)), ("amount", attempt.amount.members),
                ("terms", attempt.terms == PaymentTerms() ? nil : attempt.terms.json),
            ])
        case .paymentClosed(let id): ["attempt": .string(id.text)]
        case .paid(let payment):
            .members([
                ("gateway", .string(payment.ref.gateway)), ("transaction", .string(payment.ref.transaction)),
                ("attempt", payment.attempt.map { .string($0.text) }), ("amount", payment.amount.members),
            ])
        case .cancelled(let cancellation):
            .members([
                ("number", .integer(Int64(cancellation.number))), ("by", .string(cancellation.author.rawValue)),
                ("reason", .text(cancellation.reason)),
            ])
        case .reinstated(let number): ["cancellation": .integer(Int64(number))]
        case .shipped(let parcel): parcel.json
        case .delivered(let parcel): ["parcel": .string(parcel.text)]
        case .pickedUp, .completed: [:]
        case .received(let receiver): ["by": .string(receiver.rawValue)]
        case .refundOpened(let refund): refund.json
        case .refundSettled(let number): ["refund": .string(number.text)]
        case .refundRefused(let number, let attempt, let reason):
            .members([
                ("refund", .string(number.text)), ("attempt", .integer(Int64(attempt))), ("reason", .text(reason)),
            ])
        case .refundedElsewhere(let refund): refund.json
        case .disputed(let dispute): dispute.json
        case .afterSale(let id, let fact): ["case": .string(id.text), "step": .string(fact.kind.rawValue), "body": fact.body]
        case .remarked(let id, let text): .members([("remark", .string(id.text)), ("text", .text(text))])
        case .invoiced(let id, let title, let amount):
            .members([("invoice", .string(id.text)), ("title", .text(title)), ("amount", .integer(amount))])
        }
    }
}

extension Parcel {
    var json: JSON {
        .members([
            ("parcel", .string(id.text)), ("carrier", .text(carrier)), ("tracking", .text(tracking)),
            ("warehouse", .string(warehouse.text)),
            ("lines", .array(lines.map { ["line": .integer(Int64($0.line)), "pieces": .integer($0.pieces)] })),
        ])
    }

    init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(value, allowed: ["parcel", "carrier", "tracking", "warehouse", "lines"])
        self.init(
            id: try reader.neededID("parcel"), carrier: try reader.plain("carrier"), tracking: try reader.plain("tracking"),
            warehouse: try reader.warehouse("warehouse"),
            lines: try reader.each("lines", max: PricedOrder.linesMax, LinePieces.init))
    }
}

extension LinePieces {
    package init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["line", "pieces"])
        self.init(line: try reader.ordinal("line"), pieces: try reader.needed("pieces", in: 1...StockQuantity.movedMax))
    }
}

extension Refund {
    var json: JSON {
        let afterSale: EntityID? = if case .afterSale(let id) = reason { id } else { nil }
        return .members([
            ("refund", .string(number.text)), ("gateway", .string(payment.gateway)),
            ("transaction", .string(payment.transaction)), ("amount", amount.members), ("lines", .list(lines.map(\.json))),
            ("reason", .string(reason.word)), ("case", afterSale.map { .string($0.text) }),
        ])
    }

    init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(
            value, allowed: ["refund", "gateway", "transaction", "amount", "lines", "reason", "case"])
        let reason: Reason
        switch try reader.word("reason", of: ["cancelled", "surplus", "after-sale", "goodwill"]) {
        case "cancelled": reason = .cancelled
        case "surplus": reason = .surplus
        case "goodwill": reason = .goodwill
        default: reason = .afterSale(try reader.neededID("case"))
        }
        self.init(
            number: try reader.neededID("refund"), payment: try PaymentRef(&reader), amount: try reader.money("amount"),
            lines: try reader.shares(), reason: reason)
    }
}

extension Refund.Reason {
    package var word: String {
        switch self {
        case .cancelled: "cancelled"
        case .surplus: "surplus"
        case .afterSale: "after-sale"
        case .goodwill: "goodwill"
        }
    }
}

extension LineShare {
    var json: JSON {
        .members([("line", .integer(Int64(line))), ("pieces", .number(pieces)), ("amount", .number(amount))])
    }

    package init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["line", "pieces", "amount"])
        self.init(
            line: try reader.ordinal("line"), pieces: try reader.count("pieces", upTo: StockQuantity.movedMax),
            amount: try reader.count("amount"))
    }
}
