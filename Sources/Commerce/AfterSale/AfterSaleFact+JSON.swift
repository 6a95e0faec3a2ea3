extension AfterSaleFact {
    var body: JSON {
        switch self {
        case .asked(let claim):
            .members([
                ("kind", .string(claim.kind.rawValue)), ("lines", .array(claim.lines.map(\.json))),
                ("reason", .text(claim.reason)), ("evidence", .list(claim.evidence.map(JSON.string))),
            ])
        case .answered(let number, let answer):
            .members([("number", .integer(Int64(number))), ("by", .string(answer.side.rawValue))] + answer.word.members)
        case .sent(let carrier, let tracking), .reshipped(let carrier, let tracking):
            .members([("carrier", .text(carrier)), ("tracking", .text(tracking))])
        case .taken(let goods, let warehouse): ["goods": .array(goods.map(\.json)), "warehouse": .string(warehouse.text)]
        case .complained(let reason): .members([("reason", .text(reason))])
        case .arbitrated(.forBuyer(let lines)): ["for": "buyer", "lines": .array(lines.map(\.json))]
        case .arbitrated(.forSeller(let reason)): .members([("for", "seller"), ("reason", .text(reason))])
        case .withdrawn: [:]
        }
    }

    init(kind: Kind, body: JSON, path: String) throws(ValidationFailure) {
        switch kind {
        case .asked:
            var reader = try ValueReader(body, path: path, allowed: ["kind", "lines", "reason", "evidence"])
            self = .asked(
                AfterSaleClaim(
                    kind: try reader.word("kind", as: AfterSaleKind.self), lines: try reader.shares(),
                    reason: try reader.plain("reason"), evidence: try reader.strings("evidence", max: 20, length: 2_000)))
        case .answered:
            var reader = try ValueReader(body, path: path, allowed: ["number", "by", "answer", "lines", "reason"])
            let word: AfterSaleAnswer.Word
            switch try reader.word("answer", of: ["agree", "offer", "decline"]) {
            case "agree": word = .agree
            case "offer": word = .offer(try reader.shares())
            default: word = .decline(reason: try reader.plain("reason"))
            }
            self = .answered(
                try reader.ordinal("number"), AfterSaleAnswer(by: try reader.word("by", as: AfterSaleAnswer.Side.self), word))
        case .sent, .reshipped:
            var reader = try ValueReader(body, path: path, allowed: ["carrier", "tracking"])
            let (carrier, tracking) = (try reader.plain("carrier"), try reader.plain("tracking"))
            self = kind == .sent ? .sent(carrier: carrier, tracking: tracking) : .reshipped(carrier: carrier, tracking: tracking)
        case .taken:
            var reader = try ValueReader(body, path: path, allowed: ["goods", "warehouse"])
            self = .taken(
                try reader.each("goods", max: PricedOrder.linesMax, ReturnedGoods.init), try reader.warehouse("warehouse"))
        case .complained:
            var reader = try ValueReader(body, path: path, allowed: ["reason"])
            self = .complained(reason: try reader.plain("reason"))
        case .arbitrated:
            var reader = try ValueReader(body, path: path, allowed: ["for", "lines", "reason"])
            if try reader.word("for", of: ["buyer", "seller"]) == "buyer" {
                self = .arbitrated(.forBuyer(try reader.shares()))
            } else {
                self = .arbitrated(.forSeller(reason: try reader.plain("reason")))
            }
        case .withdrawn:
            _ = try ValueReader(body, path: path, allowed: [])
            self = .withdrawn
        }
    }
}

extension AfterSaleAnswer.Word {
    fileprivate var members: [(String, JSON?)] {
        switch self {
        case .agree: [("answer", "agree")]
        case .offer(let lines): [("answer", "offer"), ("lines", .array(lines.map(\.json)))]
        case .decline(let reason): [("answer", "decline"), ("reason", .text(reason))]
        }
    }
}

extension ReturnedGoods {
    fileprivate var json: JSON {
        ["line": .integer(Int64(line)), "pieces": .integer(pieces), "disposition": .string(disposition.rawValue)]
    }

    package init(_ value: JSON, path: String) throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: ["line", "pieces", "disposition"])
        self.init(
            line: try reader.ordinal("line"), pieces: try reader.needed("pieces", in: 1...StockQuantity.movedMax),
            disposition: try reader.word("disposition", as: Disposition.self))
    }
}

extension ValueReader {
    /// Shares of lines, together no more than one amount can be.
    func shares() throws(ValidationFailure) -> [LineShare] {
        let shares = try each("lines", max: PricedOrder.linesMax, LineShare.init)
        var total: Int64 = 0
        for share in shares {
            total += share.amount
            guard total <= Money.amountMax else { throw fail("lines", "come to more than \(Money.amountMax) minor units") }
        }
        return shares
    }
}
