import Commerce

/// One balance transaction, as lines of a statement.
struct StripeMovement: Sendable {
    let lines: [BillLine]

    /// A payment in another currency than the balance's is one line as the payer paid it, and one for the fee: the two
    /// are in different currencies, and a rate is no exact number.
    init(_ object: StripeObject, _ amounts: StripeAmounts) throws(ValidationFailure) {
        let id = try object.id()
        let at = try object.time("created")
        let code = try object.text("currency")
        guard let currency = Currency(code.uppercased()) else { throw object.fail("currency", "is no currency") }
        let signed = try amounts.units(try object.number("amount"), currency)
        let fee = try amounts.units(try object.number("fee"), currency)
        let source = try StripeMovement.source(of: object)
        let transaction = try source.map { source throws(ValidationFailure) in try StripeMovement.payment(of: source) } ?? id
        let kind = StripeMovement.kind(try object.text("type"), isOut: signed < 0, source)
        var amount = Money(amount: abs(signed), currency: currency)
        let isExchanged = kind != .other && source?["currency"].string.map { $0 != code } == true
        if isExchanged, let source { amount = try source.money("amount", amounts) }
        let line = BillLine(
            kind: kind, transaction: transaction, number: source?.ourNumber, reference: try StripeMovement.reference(kind, source, id),
            amount: amount, fee: isExchanged ? 0 : fee, at: at, isFinal: kind != .refund || source?["status"].string == "succeeded")
        guard isExchanged, fee != 0 else {
            lines = [line]
            return
        }
        let cost = BillLine(
            kind: .other, transaction: transaction, number: nil, reference: id, amount: Money(amount: 0, currency: currency), fee: fee, at: at)
        lines = [line, cost]
    }

    /// What moved the money, in full; nil where only an id or nothing is told.
    private static func source(of object: StripeObject) throws(ValidationFailure) -> StripeObject? {
        guard case .object = object["source"] else {
            _ = try object.reference("source")
            return nil
        }
        return try object.object("source")
    }

    private static func kind(_ type: String, isOut: Bool, _ source: StripeObject?) -> BillLine.Kind {
        switch type {
        case "charge", "payment": isOut ? .other : .payment
        case "refund", "payment_refund": isOut ? .refund : .other
        // Money that comes back because a dispute was won is no second dispute.
        case "adjustment": source?["object"].string == "dispute" && isOut ? .dispute : .other
        default: .other
        }
    }

    /// The intent; of what has none the charge, and of what has neither its own id.
    private static func payment(of source: StripeObject) throws(ValidationFailure) -> String {
        if let intent = try source.reference("payment_intent") { return intent }
        if let charge = try source.reference("charge") { return charge }
        return try source.id()
    }

    private static func reference(_ kind: BillLine.Kind, _ source: StripeObject?, _ id: String) throws(ValidationFailure) -> String {
        guard let source, kind != .payment else { return id }
        return try source.id()
    }
}
