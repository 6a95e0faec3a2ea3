package import Commerce
import Synchronization

extension AlipaySimulator {
    package func control(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON {
        let now = surroundings.time.now()
        let outcome: Result<JSON, ValidationFailure> = books.withLock { books in
            books.settle(at: now)
            do throws(ValidationFailure) { return .success(try obey(word, body, &books, now)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    private func obey(_ word: String, _ body: JSON, _ books: inout AlipayBooks, _ now: Timestamp) throws(ValidationFailure) -> JSON {
        switch word {
        case "dials":
            try books.dials.turn(body)
            return true
        case "pay": return try pay(body, &books, now)
        case "close":
            let trade = try named(body, books)
            guard trade.status == "WAIT_BUYER_PAY" else { throw ValidationFailure(field: "number", reason: "is \(trade.status)") }
            books.trades[trade.number]?.status = "TRADE_CLOSED"
            books.trades[trade.number]?.closedAt = now
            if let after = books.trades[trade.number] { tell(after, &books, at: now) }
            return true
        case "finish":
            let trade = try named(body, books)
            guard trade.status == "TRADE_SUCCESS" else { throw ValidationFailure(field: "number", reason: "is \(trade.status)") }
            books.trades[trade.number]?.status = "TRADE_FINISHED"
            if let after = books.trades[trade.number] { tell(after, &books, at: now) }
            return true
        case "refund":
            let trade = try named(body, books)
            guard case .integer(let amount)? = body["amount"], amount > 0, trade.refunded + amount <= trade.total, trade.status == "TRADE_SUCCESS"
            else { throw ValidationFailure(field: "amount", reason: "cannot be given back") }
            giveBack(trade, amount, request: body["request"]?.string ?? "console-\(books.next())", takes: .zero, byMerchant: false, &books, now)
            return true
        case "rotate":
            do { try books.keys.rotate(at: now) } catch { throw ValidationFailure(field: "rotate", reason: "no key could be made") }
            return true
        case "plant":
            guard let kind = body["kind"]?.string.flatMap(AlipayPlantedRow.Kind.init(rawValue:)) else {
                throw ValidationFailure(field: "kind", reason: "must be \(AlipayPlantedRow.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            books.planted.append(
                AlipayPlantedRow(kind: kind, number: body["number"]?.string ?? "", day: body["date"]?.string.flatMap(CalendarDay.init)))
            return true
        case "release":
            books.callbacks.release(at: now)
            return true
        case "books": return books.moved.json
        case "ledger":
            let trades = books.trades.values.sorted { $0.created == $1.created ? $0.number < $1.number : $0.created < $1.created }
            return [
                "trades": .array(trades.map(\.json)), "callbacks_waiting": .integer(Int64(books.callbacks.count)),
                "callbacks_delivered": .integer(Int64(books.callbacks.delivered)), "callbacks_given_up": .integer(Int64(books.callbacks.givenUp)),
            ]
        default: throw ValidationFailure(field: "word", reason: "is none of pay, close, finish, refund, rotate, plant, release, books, ledger, dials")
        }
    }

    private func named(_ body: JSON, _ books: AlipayBooks) throws(ValidationFailure) -> AlipayBookedTrade {
        guard let number = body["number"]?.string, let trade = books.trades[number] else {
            throw ValidationFailure(field: "number", reason: "names no trade")
        }
        return trade
    }

    /// A payer pays: a trade that is there, a code he scans, a page's address he follows, or an application's order.
    ///
    /// With `amount`, in fen, he pays another amount than was asked for; with `late`, his bank has let him although the trade was closed.
    private func pay(_ body: JSON, _ books: inout AlipayBooks, _ now: Timestamp) throws(ValidationFailure) -> JSON {
        var number = body["number"]?.string
        if let link = body["url"]?.string ?? body["order_string"]?.string {
            let query = link.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
            number = try begun(AlipayWire.fields(query), &books, now)
        } else if let code = body["code_url"]?.string {
            number = String(code.split(separator: "/").last?.dropFirst(3) ?? "")
        } else if let transaction = body["trade_no"]?.string {
            number = books.trades.values.first { $0.transaction == transaction }?.number
        }
        guard let number else { throw ValidationFailure(field: "number", reason: "is missing") }
        if books.trades[number] == nil, let code = books.codes[number] { _ = try begun(code, &books, now) }
        guard var trade = books.trades[number] else { throw ValidationFailure(field: "number", reason: "names no trade") }
        let isLate = body["late"]?.bool == true && trade.status == "TRADE_CLOSED" && trade.paidAt == nil
        guard trade.status == "WAIT_BUYER_PAY" || isLate else { throw ValidationFailure(field: "number", reason: "cannot be paid: it is \(trade.status)") }
        if case .integer(let amount)? = body["amount"] { trade.total = amount }
        trade.status = "TRADE_SUCCESS"
        trade.paidAt = now
        books.trades[number] = trade
        tell(trade, &books, at: now)
        return ["trade_no": .string(trade.transaction)]
    }

    private func begun(_ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) throws(ValidationFailure) -> String {
        if let refusal = refusal(fields, books, now) { throw ValidationFailure(field: "url", reason: refusal["sub_code"]?.string ?? "") }
        guard let content = content(fields) else { throw ValidationFailure(field: "url", reason: "says nothing") }
        let outcome = begin(content, fields, &books, now)
        guard outcome["code"]?.string == "10000", let number = outcome["out_trade_no"]?.string else {
            throw ValidationFailure(field: "url", reason: outcome["sub_code"]?.string ?? "")
        }
        return number
    }
}
