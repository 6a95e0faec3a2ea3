import Commerce

/// What the platform holds of one trade.
struct AlipayBookedTrade: Sendable {
    struct GivenBack: Sendable {
        let request: String
        let amount: Int64
        let throughAt: Timestamp
        let byMerchant: Bool
    }

    let number: String
    let transaction: String
    let subject: String
    let notifyURL: String?
    let created: Timestamp
    let expires: Timestamp?
    /// Fen.
    var total: Int64
    var status = "WAIT_BUYER_PAY"
    var paidAt: Timestamp?
    var closedAt: Timestamp?
    var refunds: [GivenBack] = []

    var refunded: Int64 { refunds.reduce(0) { $0 + $1.amount } }
    func through(at now: Timestamp) -> [GivenBack] { refunds.filter { $0.throughAt <= now } }

    var json: JSON {
        [
            "number": .string(number), "trade_no": .string(transaction), "status": .string(status), "total": .integer(total),
            "captured": .integer(paidAt == nil ? 0 : total), "refunded": .integer(refunded), "refunds": .integer(Int64(refunds.count)),
            "given": .array(refunds.map { ["number": .string($0.request), "amount": .integer($0.amount)] }),
        ]
    }
}

/// A row that somebody at the platform got wrong.
struct AlipayPlantedRow: Sendable {
    enum Kind: String, CaseIterable, Sendable { case missing, extra, amount, fee, state, duplicate }
    let kind: Kind
    let number: String
    /// The day whose statement has one row too many; nil for all.
    let day: CalendarDay?
}

/// The platform's own books of one merchant.
struct AlipayBooks: Sendable {
    var keys: AlipayPlatformKeys
    var dials = GatewayDials()
    var trades: [String: AlipayBookedTrade] = [:]
    /// Codes handed out, by number; no trade is there before one is scanned.
    var codes: [String: [String: String]] = [:]
    var callbacks = CallbackQueue(
        schedule: [.seconds(240), .seconds(600), .seconds(600), .seconds(3_600), .seconds(7_200), .seconds(21_600), .seconds(54_000)])
    var planted: [AlipayPlantedRow] = []
    var files: [String: (content: [UInt8], until: Timestamp)] = [:]
    var count: Int64 = 0

    mutating func next() -> Int64 {
        count += 1
        return count
    }

    /// Ends what nobody paid in time, and trades that went back whole.
    mutating func settle(at now: Timestamp) {
        for (number, trade) in trades {
            if trade.status == "WAIT_BUYER_PAY", let end = trade.expires, end <= now {
                trades[number]?.status = "TRADE_CLOSED"
                trades[number]?.closedAt = end
            }
            if trade.status == "TRADE_SUCCESS", trade.through(at: now).reduce(0, { $0 + $1.amount }) == trade.total {
                trades[number]?.status = "TRADE_CLOSED"
            }
        }
    }

    var moved: SimulatedMoney {
        var moved = SimulatedMoney(callbacks: callbacks)
        for trade in trades.values {
            if trade.paidAt != nil { moved.payments.append(.init(number: trade.number, transaction: trade.transaction, amount: trade.total)) }
            moved.refunds += trade.refunds.map { .init(number: $0.request, transaction: trade.transaction, amount: $0.amount) }
        }
        return moved
    }

    func trade(_ fields: JSON) -> AlipayBookedTrade? {
        if let number = fields["out_trade_no"]?.string { return trades[number] }
        guard let transaction = fields["trade_no"]?.string else { return nil }
        return trades.values.first { $0.transaction == transaction }
    }
}
