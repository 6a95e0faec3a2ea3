import Commerce

extension StripeBooks {
    /// Makes the statement differ from what was told, by one entry.
    mutating func plant(_ body: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(body, allowed: ["difference", "transaction", "amount", "at", "metadata_number"])
        let words = ["missing", "unknown", "twice", "amount", "fee", "currency", "day", "refund"]
        let word = try reader.word("difference", of: words) ?? ""
        if word == "unknown" || word == "refund" { return try plantStranger(word, &reader) }
        let name = try reader.needed("transaction")
        let charge = charges.last { $0.intent == name || $0.id == name }?.id
        let refund = refunds.last { $0.id == name }?.id
        guard let index = entries.lastIndex(where: { $0.source != nil && ($0.source == charge || $0.source == refund || $0.id == name) }) else {
            throw ValidationFailure(field: "transaction", reason: "nothing of that name is on a statement")
        }
        let by = try reader.integer("amount", in: -1_000_000...1_000_000) ?? 100
        switch word {
        case "missing": entries.remove(at: index)
        case "twice":
            let old = entries[index]
            enter(old.type, old.amount, fee: old.fee, old.currency, source: old.source)
            entries[entries.count - 1].created = old.created
        case "amount": entries[index].amount += by
        case "fee": entries[index].fee += by
        case "currency":
            entries[index].currency = entries[index].currency == "eur" ? "usd" : "eur"
            entries[index].source = nil
        default: entries[index].created += 86_400
        }
        return [:]
    }

    private mutating func plantStranger(_ word: String, _ reader: inout ValueReader) throws(ValidationFailure) -> JSON {
        let amount = try reader.integer("amount", in: 1...Money.amountMax) ?? 1_234
        let at = try reader.integer("at", in: 0...253_402_300_799_999).map { $0 / 1_000 } ?? seconds
        let number = try reader.text("metadata_number", max: 100)
        let metadata = number.map { ["heyi_number": $0] } ?? [:]
        let charge = StripeCharge(id: id("ch"), intent: id("pi"), amount: amount, currency: "usd", created: at, metadata: metadata)
        charges.append(charge)
        if word == "unknown" {
            enter("charge", amount, fee: 30, "usd", source: charge.id)
        } else {
            let refund = StripeRefund(
                id: id("re"), intent: charge.intent, charge: charge.id, amount: amount, currency: "usd", created: at, metadata: metadata, key: nil,
                status: "succeeded")
            refunds.append(refund)
            enter("refund", -amount, fee: 0, "usd", source: refund.id)
        }
        entries[entries.count - 1].created = at
        return ["transaction": .string(charge.intent)]
    }
}
