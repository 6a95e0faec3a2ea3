package import Commerce
import Synchronization

extension WeChatPaySimulator {
    /// The words: `dials`, `pay` (out_trade_no or number, amount, late), `type` (out_trade_no, on), `close` (out_trade_no), `refund`
    /// (transaction_id, amount; by hand in the console), `abnormal` (out_refund_no), `rotate` (to: next, first, public-key; overlap),
    /// `probe` (answers, callbacks), `plant` (what, transaction_id, by, date), `creating` (date, on), `release`, `books`, `ledger`.
    package func control(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON {
        let now = surroundings.time.now()
        switch word {
        case "dials":
            try changed { books throws(ValidationFailure) in try books.dials.turn(body) }
            return .object(JSONObject())
        case "pay", "type", "close", "refund", "abnormal", "plant", "creating":
            return try changed { books throws(ValidationFailure) in
                books.advance(to: now, signer, surroundings)
                return try act(word, body, &books, at: now)
            }
        case "rotate":
            var reader = try ValueReader(body, allowed: ["to", "overlap"])
            let pens: [String: WeChatPaySigner.Pen] = ["first": .certificate(0), "next": .certificate(1), "public-key": .publicKey]
            let to = try reader.word("to", of: ["first", "next", "public-key"], required: false) ?? "next"
            signer.rotate(to: pens[to] ?? .certificate(1), overlap: try reader.bool("overlap") ?? true)
            return .object(JSONObject())
        case "probe":
            var reader = try ValueReader(body, allowed: ["answers", "callbacks"])
            signer.probe(
                answers: Int(try reader.integer("answers", in: 0...1_000) ?? 0), callbacks: Int(try reader.integer("callbacks", in: 0...1_000) ?? 0))
            return .object(JSONObject())
        case "release":
            books.withLock { $0.queue.release(at: now) }
            return .object(JSONObject())
        case "books":
            return books.withLock { books in
                books.advance(to: now, signer, surroundings)
                return books.moved.json
            }
        case "ledger": return books.withLock { $0.ledger }
        default: throw ValidationFailure(field: "word", reason: "is none of this platform's: \(word)")
        }
    }

    private func changed<T: Sendable>(_ change: (inout WeChatPayBooks) throws(ValidationFailure) -> T) throws(ValidationFailure) -> T {
        try books.withLock { books in
            Result { () throws(ValidationFailure) -> T in try change(&books) }
        }.get()
    }

    private func act(_ word: String, _ body: JSON, _ books: inout WeChatPayBooks, at now: Timestamp) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(
            body, allowed: ["out_trade_no", "number", "late", "amount", "on", "transaction_id", "out_refund_no", "what", "by", "date"])
        switch word {
        case "pay":
            let number = try reader.text(reader.has("number") ? "number" : "out_trade_no", max: 32, required: true) ?? ""
            // His bank has let him although the trade was closed.
            if try reader.bool("late") == true, books.trades[number]?.state == "CLOSED" { books.trades[number]?.state = "NOTPAY" }
            let amount = try reader.integer("amount", in: 1...Money.amountMax)
            return .object(JSONObject([("transaction_id", .string(try books.pay(number, amount: amount, at: now, signer, surroundings)))]))
        case "type":
            let number = try reader.text("out_trade_no", max: 32, required: true) ?? ""
            guard books.trades[number] != nil else { throw reader.fail("out_trade_no", "is not known") }
            books.trades[number]?.isTyping = try reader.bool("on") ?? true
        case "close":
            let number = try reader.text("out_trade_no", max: 32, required: true) ?? ""
            guard books.trades[number]?.state == "NOTPAY" else { throw reader.fail("out_trade_no", "is not open") }
            books.trades[number]?.state = "CLOSED"
        case "refund":
            let transaction = try reader.text("transaction_id", max: 64, required: true) ?? ""
            let amount = try reader.integer("amount", in: 1...Money.amountMax, required: true) ?? 1
            guard let trade = books.trade(ofTransaction: transaction), books.promised(of: transaction) + amount <= trade.paid else {
                throw reader.fail("transaction_id", "has not so much to give back")
            }
            let number = books.next("console")
            books.refunds[number] = WeChatPayBooks.Given(
                number: number, reference: books.next("50000000382019052709732"), transaction: transaction, amount: amount, total: trade.paid,
                notify: trade.notify, created: now, due: now)
            books.trades[trade.number]?.state = "REFUND"
            books.finish(number, "SUCCESS", at: now, signer, surroundings)
        case "abnormal":
            let number = try reader.text("out_refund_no", max: 64, required: true) ?? ""
            guard books.refunds[number]?.status == "PROCESSING" else { throw reader.fail("out_refund_no", "is not under way") }
            books.finish(number, "ABNORMAL", at: now, signer, surroundings)
        case "plant": books.plants.append(try WeChatPaySimulator.plant(&reader))
        default:
            let date = try reader.text("date", max: 10, required: true) ?? ""
            if try reader.bool("on") ?? true { books.creating.insert(date) } else { books.creating.remove(date) }
        }
        return .object(JSONObject())
    }

    private static func plant(_ reader: inout ValueReader) throws(ValidationFailure) -> WeChatPayPlant {
        let words = ["missing", "extra", "amount", "fee", "state", "duplicate"]
        let what = try reader.word("what", of: words) ?? ""
        let transaction = try reader.text("transaction_id", max: 64, required: true) ?? ""
        let by = try reader.integer("by", in: -Money.amountMax...Money.amountMax) ?? 1
        switch what {
        case "missing": return .missing(transaction)
        case "extra":
            let day = try reader.text("date", max: 10)
            return .extra(transaction, amount: by, day: day.flatMap { CalendarDay($0) })
        case "amount": return .amount(transaction, by: by)
        case "fee": return .fee(transaction, by: by)
        case "state": return .state(transaction)
        default: return .duplicate(transaction)
        }
    }
}

extension WeChatPayBooks {
    /// The payer pays what is open, and the merchant will be told.
    mutating func pay(
        _ number: String, amount: Int64?, at now: Timestamp, _ signer: WeChatPaySigner, _ surroundings: Surroundings
    ) throws(ValidationFailure) -> String {
        guard var trade = trades[number] else { throw ValidationFailure(field: "out_trade_no", reason: "is not known") }
        guard trade.state == "NOTPAY" else { throw ValidationFailure(field: "out_trade_no", reason: "cannot be paid: \(trade.state)") }
        let transaction = next("4200000000202612010")
        trade.state = "SUCCESS"
        trade.isTyping = false
        trade.transaction = transaction
        trade.paid = amount ?? trade.total
        trade.paidAt = now
        trade.captures += 1
        trades[number] = trade
        tell("TRANSACTION.SUCCESS", "transaction", content(trade, signer.keys), to: trade.notify, at: now, signer, surroundings)
        return transaction
    }

    var moved: SimulatedMoney {
        var moved = SimulatedMoney(callbacks: queue)
        for trade in trades.values {
            let payment = SimulatedMoney.Movement(number: trade.number, transaction: trade.transaction ?? "", amount: trade.paid)
            moved.payments += Array(repeating: payment, count: trade.captures)
        }
        for refund in refunds.values {
            let sent = SimulatedMoney.Movement(number: refund.number, transaction: refund.transaction, amount: refund.amount)
            moved.refunds += Array(repeating: sent, count: refund.effects)
        }
        return moved
    }

    /// What the platform itself holds true, by our numbers.
    var ledger: JSON {
        .object(
            JSONObject(
                trades.values.map { trade in
                    let sent = refunds.values.filter { $0.transaction == trade.transaction }.sorted { $0.number < $1.number }
                    let given = sent.filter { $0.status == "SUCCESS" }
                    var members: [(String, JSON)] = [
                        ("state", .string(trade.state)), ("captured", .integer(trade.captures > 0 ? trade.paid : 0)),
                        ("captures", .integer(Int64(trade.captures))), ("refunded", .integer(given.reduce(0) { $0 + $1.amount })),
                        ("refunds", .integer(given.reduce(0) { $0 + Int64($1.effects) })),
                        (
                            "given",
                            .array(sent.map { ["number": .string($0.number), "amount": .integer($0.amount), "status": .string($0.status)] })
                        ),
                    ]
                    if let transaction = trade.transaction { members.append(("transaction_id", .string(transaction))) }
                    return (trade.number, .object(JSONObject(members)))
                }))
    }
}
