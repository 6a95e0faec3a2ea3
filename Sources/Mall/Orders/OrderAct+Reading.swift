package import Commerce

extension OrderAct {
    /// The words acts are asked for by.
    package enum Word: String, CaseIterable, Sendable {
        case ship, deliver
        case handOver = "hand-over"
        case receive, complete, remark, invoice, reprice, goodwill
        case takeMoney = "take-money"
        case ask, answer
        case sendBack = "send-back"
        case takeBack = "take-back"
        case sendAgain = "send-again"
        case complain, arbitrate, withdraw
    }

    /// Reads what somebody asks for.
    ///
    /// - Parameter value: its members, without the word.
    /// - Throws: ``ValidationFailure`` about the first member that is wrong.
    package init(_ word: Word, _ value: JSON) throws(ValidationFailure) {
        switch word {
        case .ship, .deliver, .handOver, .receive, .complete: self = try OrderAct.sending(word, value)
        case .remark, .invoice, .reprice, .goodwill, .takeMoney: self = try OrderAct.trading(word, value)
        case .ask, .answer, .sendBack, .takeBack, .sendAgain, .complain, .arbitrate, .withdraw:
            self = try OrderAct.claiming(word, value)
        }
    }

    private static func sending(_ word: Word, _ value: JSON) throws(ValidationFailure) -> OrderAct {
        switch word {
        case .ship:
            var reader = try ValueReader(value, allowed: ["carrier", "tracking", "warehouse", "lines"])
            return .ship(
                carrier: try reader.needed("carrier", max: 40), tracking: try reader.needed("tracking", max: 64),
                warehouse: reader.has("warehouse") ? try reader.warehouse("warehouse") : nil,
                lines: try reader.each("lines", max: PricedOrder.linesMax, LinePieces.init))
        case .deliver:
            var reader = try ValueReader(value, allowed: ["parcel"])
            return .deliver(parcel: try reader.neededID("parcel"))
        case .handOver:
            var reader = try ValueReader(value, allowed: ["code"])
            return .handOver(code: try reader.needed("code", max: 32))
        default:
            _ = try ValueReader(value, allowed: [])
            return word == .receive ? .receive : .complete
        }
    }

    private static func trading(_ word: Word, _ value: JSON) throws(ValidationFailure) -> OrderAct {
        switch word {
        case .remark:
            var reader = try ValueReader(value, allowed: ["text"])
            guard let text = try reader.text("text", max: 500, required: true, lines: true) else { throw reader.fail("text", "is required") }
            return .remark(text)
        case .invoice:
            var reader = try ValueReader(value, allowed: ["title", "amount"])
            return .invoice(title: try reader.needed("title"), amount: try reader.needed("amount", in: 1...Money.amountMax))
        case .reprice:
            var reader = try ValueReader(value, allowed: ["lines", "reason"])
            return .reprice(
                try reader.each("lines", max: PricedOrder.linesMax, PricedLine.init), reason: try reader.needed("reason"))
        case .goodwill:
            var reader = try ValueReader(value, allowed: ["line", "amount"])
            return .goodwill(
                LineShare(
                    line: try reader.ordinal("line"), pieces: 0, amount: try reader.needed("amount", in: 1...Money.amountMax)))
        default:
            var reader = try ValueReader(value, allowed: ["gateway", "transaction", "amount"])
            return .takeMoney(Payment(ref: try PaymentRef(&reader), amount: try reader.money("amount")))
        }
    }

    private static func claiming(_ word: Word, _ value: JSON) throws(ValidationFailure) -> OrderAct {
        if word == .ask {
            var reader = try ValueReader(value, allowed: ["kind", "lines", "reason", "evidence"])
            return .ask(
                try reader.word("kind", as: AfterSaleKind.self),
                try reader.each("lines", max: PricedOrder.linesMax, ClaimedLine.init), reason: try reader.needed("reason", max: 500),
                evidence: try reader.strings("evidence", max: 20, length: 2_000))
        }
        var reader = try ValueReader(value, allowed: ["case"] + members(of: word))
        let id = try reader.neededID("case")
        switch word {
        case .answer: return .answer(id, try answer(&reader))
        case .sendBack, .sendAgain:
            let (carrier, tracking) = (try reader.needed("carrier", max: 40), try reader.needed("tracking", max: 64))
            return word == .sendBack ? .sendBack(id, carrier: carrier, tracking: tracking) : .sendAgain(id, carrier: carrier, tracking: tracking)
        case .takeBack:
            return .takeBack(
                id, try reader.each("goods", max: PricedOrder.linesMax, ReturnedGoods.init),
                reader.has("warehouse") ? try reader.warehouse("warehouse") : .main)
        case .complain: return .complain(id, reason: try reader.needed("reason", max: 500))
        case .arbitrate:
            guard try reader.word("for", of: ["buyer", "seller"]) == "buyer" else {
                return .arbitrate(id, .forSeller(reason: try reader.needed("reason", max: 500)))
            }
            return .arbitrate(id, .forBuyer(try reader.each("lines", max: PricedOrder.linesMax, LineShare.init)))
        default: return .withdraw(id)
        }
    }

    private static func members(of word: Word) -> [String] {
        switch word {
        case .answer: ["answer", "lines", "reason"]
        case .sendBack, .sendAgain: ["carrier", "tracking"]
        case .takeBack: ["goods", "warehouse"]
        case .complain: ["reason"]
        case .arbitrate: ["for", "lines", "reason"]
        default: []
        }
    }

    private static func answer(_ reader: inout ValueReader) throws(ValidationFailure) -> AfterSaleAnswer.Word {
        switch try reader.word("answer", of: ["agree", "offer", "decline"]) {
        case "agree": .agree
        case "offer": .offer(try reader.each("lines", max: PricedOrder.linesMax, LineShare.init))
        default: .decline(reason: try reader.needed("reason", max: 500))
        }
    }
}

extension ClaimedLine {
    fileprivate init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["line", "pieces", "amount"])
        self.init(
            line: try reader.ordinal("line"), pieces: try reader.count("pieces", upTo: StockQuantity.movedMax),
            amount: try reader.integer("amount", in: 0...Money.amountMax))
    }
}
