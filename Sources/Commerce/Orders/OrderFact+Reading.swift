extension OrderFact {
    /// Reads what ``body`` wrote, or what somebody else says happened.
    ///
    /// - Throws: ``ValidationFailure`` about the first member that is wrong.
    package init(kind: Kind, body: JSON) throws(ValidationFailure) {
        switch kind {
        case .placed: self = .placed(try PlacedOrder(body))
        case .repriced:
            var reader = try ValueReader(body, allowed: ["number", "lines", "reason"])
            let lines = try reader.each("lines", max: PricedOrder.linesMax, PricedLine.init)
            self = .repriced(
                Repricing(number: try reader.ordinal("number"), lines: lines, reason: try reader.plain("reason")))
        case .paymentOpened:
            var reader = try ValueReader(body, allowed: ["attempt", "gateway", "amount", "terms"])
            self = .paymentOpened(
                PaymentAttempt(
                    id: try reader.neededID("attempt"), gateway: try reader.gateway(), amount: try reader.money("amount"),
                    terms: try PaymentTerms(try reader.raw("terms") ?? [:], path: reader.field("terms"))))
        case .paymentClosed: self = .paymentClosed(try OrderFact.id(body, "attempt"))
        case .paid:
            var reader = try ValueReader(body, allowed: ["gateway", "transaction", "attempt", "amount"])
            self = .paid(
                Payment(ref: try PaymentRef(&reader), attempt: try reader.id("attempt"), amount: try reader.money("amount")))
        case .cancelled:
            var reader = try ValueReader(body, allowed: ["number", "by", "reason"])
            self = .cancelled(
                Cancellation(
                    number: try reader.ordinal("number"), by: try reader.word("by", as: Cancellation.Author.self),
                    reason: try reader.plain("reason")))
        case .reinstated:
            var reader = try ValueReader(body, allowed: ["cancellation"])
            self = .reinstated(cancellation: try reader.ordinal("cancellation"))
        case .shipped: self = .shipped(try Parcel(body))
        case .delivered: self = .delivered(parcel: try OrderFact.id(body, "parcel"))
        case .received:
            var reader = try ValueReader(body, allowed: ["by"])
            self = .received(by: try reader.word("by", as: Receiver.self))
        case .pickedUp, .completed:
            _ = try ValueReader(body, allowed: [])
            self = kind == .pickedUp ? .pickedUp : .completed
        case .refundOpened: self = .refundOpened(try Refund(body))
        case .refundSettled: self = .refundSettled(try OrderFact.id(body, "refund"))
        case .refundRefused:
            var reader = try ValueReader(body, allowed: ["refund", "attempt", "reason"])
            self = .refundRefused(
                try reader.neededID("refund"), attempt: try reader.ordinal("attempt"), reason: try reader.plain("reason"))
        case .refundedElsewhere: self = .refundedElsewhere(try OutsideRefund(body))
        case .disputed: self = .disputed(try OrderDispute(body))
        case .afterSale:
            var reader = try ValueReader(body, allowed: ["case", "step", "body"])
            let step = try reader.word("step", as: AfterSaleFact.Kind.self)
            let inner = try reader.raw("body") ?? [:]
            self = .afterSale(try reader.neededID("case"), try AfterSaleFact(kind: step, body: inner, path: reader.field("body")))
        case .remarked:
            var reader = try ValueReader(body, allowed: ["remark", "text"])
            self = .remarked(try reader.neededID("remark"), text: try reader.plain("text"))
        case .invoiced:
            var reader = try ValueReader(body, allowed: ["invoice", "title", "amount"])
            self = .invoiced(
                try reader.neededID("invoice"), title: try reader.plain("title"),
                amount: try reader.needed("amount", in: 1...Money.amountMax))
        }
    }

    private static func id(_ body: JSON, _ name: String) throws(ValidationFailure) -> EntityID {
        var reader = try ValueReader(body, allowed: [name])
        return try reader.neededID(name)
    }
}

extension PaymentRef {
    package init(_ reader: inout ValueReader) throws(ValidationFailure) {
        let gateway = try reader.gateway()
        let transaction = try reader.needed("transaction", max: 128)
        guard transaction.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw reader.fail("transaction", "must be printable ASCII without spaces, as gateways number")
        }
        self.init(gateway: gateway, transaction: transaction)
    }
}

extension ValueReader {
    package mutating func money(_ name: String) throws(ValidationFailure) -> Money {
        guard let value = try raw(name, required: true) else { throw fail(name, "is required") }
        return try Money(value, path: field(name))
    }

    package mutating func gateway() throws(ValidationFailure) -> String {
        let text = try needed("gateway", max: 32)
        // The rule of channels' names, which leaves no room for a slash.
        guard ChannelID(text) != nil else { throw fail("gateway", "must be 1 to 32 characters out of a-z 0-9 -, a letter first") }
        return text
    }

    package mutating func warehouse(_ name: String) throws(ValidationFailure) -> WarehouseID {
        guard let id = WarehouseID(try needed(name)) else {
            throw fail(name, "must be a warehouse: 1 to 32 characters out of a-z 0-9 -, a letter first")
        }
        return id
    }
}
