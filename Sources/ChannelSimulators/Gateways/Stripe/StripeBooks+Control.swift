import Commerce

extension StripeBooks {
    mutating func control(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON {
        switch word {
        case "pay", "fail", "process": return try act(word, body)
        case "refund": return try refundByHand(body)
        case "fail_refund": return try failRefund(body)
        case "dispute": return try dispute(body)
        case "rotate_secret":
            secretsMade += 1
            secrets.insert("whsec_simulated\(secretsMade)", at: 0)
            return ["secrets": .array(secrets.map { .string($0) })]
        case "retire_secret":
            if secrets.count > 1 { secrets.removeLast() }
            return ["secrets": .array(secrets.map { .string($0) })]
        case "dials":
            try dials.turn(body)
            return [:]
        case "hold_key", "free_key":
            var reader = try ValueReader(body, allowed: ["key"])
            let key = try reader.needed("key")
            if word == "hold_key" { keysAtWork.insert(key) } else { keysAtWork.remove(key) }
            return [:]
        case "restrict":
            forbidden = Set(try ValueReader(body, allowed: ["paths"]).strings("paths", max: 20))
            return [:]
        case "plant": return try plant(body)
        case "release":
            callbacks.release(at: now)
            return [:]
        case "books": return moved.json
        case "ledger": return ledger
        default: throw ValidationFailure(field: "word", reason: "\"\(word)\" is not known here")
        }
    }

    private var moved: SimulatedMoney {
        var moved = SimulatedMoney(callbacks: callbacks)
        moved.payments = charges.map { .init(number: $0.metadata["heyi_number"] ?? "", transaction: $0.intent, amount: $0.amount) }
        moved.refunds = refunds.filter { $0.status != "failed" }.map { .init(number: $0.number ?? "", transaction: $0.intent, amount: $0.amount) }
        return moved
    }

    /// What this side did, whatever it said of it.
    private var ledger: JSON {
        let payments = intents.filter { $0.received > 0 }.map { intent -> JSON in
            let refunded = charges.first { $0.id == intent.charge }?.refunded ?? 0
            return [
                "number": .string(intent.number ?? ""), "transaction": .string(intent.id), "amount": .integer(intent.received),
                "currency": .string(intent.currency), "refunded": .integer(refunded),
            ]
        }
        let sent = refunds.map { refund -> JSON in
            [
                "number": .string(refund.number ?? ""), "transaction": .string(refund.intent), "id": .string(refund.id),
                "amount": .integer(refund.amount), "currency": .string(refund.currency), "status": .string(refund.status),
            ]
        }
        return [
            "payments": .array(payments), "refunds": .array(sent), "effects": .object(JSONObject(effects.map { ($0.key, .integer($0.value)) })),
            "intents": .integer(Int64(intents.count)), "sessions": .integer(Int64(sessions.count)), "events": .integer(Int64(events.count)),
            "callbacks": ["waiting": .integer(Int64(callbacks.count)), "delivered": .integer(Int64(callbacks.delivered)), "given_up": .integer(Int64(callbacks.givenUp))],
        ]
    }

    /// A payer at work, by our number or by an id of this side; the newest of several that can still be paid.
    private mutating func act(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(body, allowed: ["number", "id", "late"])
        let number = try reader.text("number", max: 100)
        let id = try reader.text("id", max: 100)
        let name = number ?? id ?? ""
        var payable = ["requires_payment_method", "requires_action", "processing"]
        // His bank has let him although the payment was called off.
        if word == "pay", try reader.bool("late") == true { payable.append("canceled") }
        if let index = intents.lastIndex(where: { ($0.id == name || $0.number == name) && payable.contains($0.status) }) {
            switch word {
            case "pay": pay(index)
            case "process": intents[index].status = "processing"; tell("payment_intent.processing", render(intents[index]))
            default:
                intents[index].status = "requires_payment_method"
                tell("payment_intent.payment_failed", render(intents[index]))
            }
            return ["done": true, "transaction": .string(intents[index].id), "status": .string(intents[index].status)]
        }
        if let index = sessions.lastIndex(where: { ($0.id == name || $0.number == name) && $0.status == "open" }) {
            if word == "pay" { paySession(index) }
            return ["done": .bool(word == "pay"), "transaction": sessions[index].intent.map { .string($0) } ?? .null, "status": .string(sessions[index].status)]
        }
        return ["done": false]
    }

    private func charge(_ name: String) throws(ValidationFailure) -> Int {
        let index = charges.lastIndex { charge in
            charge.id == name || charge.intent == name || charge.metadata["heyi_number"] == name
        }
        guard let index else { throw ValidationFailure(field: "number", reason: "no payment of that name was paid") }
        return index
    }

    private mutating func refundByHand(_ body: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(body, allowed: ["number", "transaction", "amount"])
        let number = try reader.text("number", max: 100)
        let transaction = try reader.text("transaction", max: 100)
        let index = try charge(number ?? transaction ?? "")
        let left = charges[index].amount - charges[index].refunded
        let amount = try reader.integer("amount", in: 1...max(1, left)) ?? left
        guard amount > 0, amount <= left else { throw ValidationFailure(field: "amount", reason: "\(left) is left") }
        return render(refund(index, amount, metadata: [:], key: nil))
    }

    private mutating func failRefund(_ body: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(body, allowed: ["number"])
        let name = try reader.needed("number")
        guard let index = refunds.lastIndex(where: { $0.number == name || $0.id == name }) else {
            throw ValidationFailure(field: "number", reason: "no such refund")
        }
        failRefund(index)
        return render(refunds[index])
    }

    private mutating func dispute(_ body: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(body, allowed: ["number", "stage", "reason"])
        let name = try reader.needed("number")
        switch try reader.word("stage", of: ["opened", "won", "lost", "closed"]) {
        case "opened": return render(openDispute(try charge(name), reason: try reader.text("reason", max: 60) ?? "fraudulent"))
        case let stage:
            let place = try charge(name)
            guard let index = disputes.lastIndex(where: { $0.charge == charges[place].id }) else {
                throw ValidationFailure(field: "number", reason: "nobody disputes it")
            }
            endDispute(index, status: stage == "closed" ? "warning_closed" : stage ?? "lost")
            return render(disputes[index])
        }
    }
}
