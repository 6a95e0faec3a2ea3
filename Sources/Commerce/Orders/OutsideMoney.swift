/// Money that went back to its payer by nobody's order here: by hand at the gateway, or by the payer's bank.
package struct OutsideRefund: Hashable, Sendable {
    package let payment: PaymentRef
    /// The gateway's own number of it.
    package let reference: String
    package let amount: Money

    package init(payment: PaymentRef, reference: String, amount: Money) {
        self.payment = payment
        self.reference = reference
        self.amount = amount
    }
}

/// A payer who asks his bank for a payment back.
package struct OrderDispute: Hashable, Sendable {
    package enum Stage: String, CaseIterable, Sendable {
        case opened
        /// The house keeps the money.
        case won
        /// The bank has taken it.
        case lost
        /// Ended without a verdict, such as an inquiry that was answered.
        case closed

        var rank: Int {
            switch self {
            case .opened: 0
            case .closed: 1
            case .won: 2
            case .lost: 3
            }
        }
    }

    /// The gateway's own number.
    package let id: String
    package let payment: PaymentRef
    package let amount: Money
    package let stage: Stage
    package let reason: String

    package init(id: String, payment: PaymentRef, amount: Money, stage: Stage, reason: String) {
        self.id = id
        self.payment = payment
        self.amount = amount
        self.stage = stage
        self.reason = reason
    }
}

extension OutsideRefund {
    var json: JSON {
        [
            "gateway": .string(payment.gateway), "transaction": .string(payment.transaction), "reference": .string(reference),
            "amount": amount.members,
        ]
    }

    init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(value, allowed: ["gateway", "transaction", "reference", "amount"])
        self.init(
            payment: try PaymentRef(&reader), reference: try reader.gatewaysNumber("reference"), amount: try reader.positiveMoney("amount"))
    }
}

extension OrderDispute {
    var json: JSON {
        .members([
            ("gateway", .string(payment.gateway)), ("transaction", .string(payment.transaction)), ("dispute", .string(id)),
            ("amount", amount.members), ("stage", .string(stage.rawValue)), ("reason", .text(reason)),
        ])
    }

    init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(value, allowed: ["gateway", "transaction", "dispute", "amount", "stage", "reason"])
        self.init(
            id: try reader.gatewaysNumber("dispute"), payment: try PaymentRef(&reader), amount: try reader.positiveMoney("amount"),
            stage: try reader.word("stage", as: Stage.self), reason: try reader.plain("reason"))
    }
}

extension ValueReader {
    fileprivate mutating func gatewaysNumber(_ name: String) throws(ValidationFailure) -> String {
        let text = try needed(name, max: 128)
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw fail(name, "must be printable ASCII without spaces, as gateways number")
        }
        return text
    }

    fileprivate mutating func positiveMoney(_ name: String) throws(ValidationFailure) -> Money {
        let money = try money(name)
        guard money.amount > 0 else { throw fail(name, "must be more than nothing") }
        return money
    }
}
