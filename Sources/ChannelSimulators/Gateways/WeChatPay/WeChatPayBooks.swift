import ChannelAdapters
import Commerce

/// What the platform knows of one merchant: trades, refunds, and the callbacks it owes.
struct WeChatPayBooks: Sendable {
    struct Trade: Sendable {
        let number: String
        let way: String
        let app: String
        /// All it was opened with; the same number in other words is refused.
        let words: JSON
        let total: Int64
        let payer: String?
        let notify: String
        let description: String
        let prepay: String
        let created: Timestamp
        let expires: Timestamp?
        var state = "NOTPAY"
        /// The password is being typed: it can be neither paid by another nor closed.
        var isTyping = false
        var transaction: String?
        var paid: Int64 = 0
        var paidAt: Timestamp?
        /// Effects on the payer's money.
        var captures = 0
    }
    struct Given: Sendable {
        let number: String
        let reference: String
        let transaction: String
        let amount: Int64
        let total: Int64
        let notify: String?
        let created: Timestamp
        let due: Timestamp
        var status = "PROCESSING"
        var doneAt: Timestamp?
        var effects = 0
    }

    var dials = GatewayDials()
    var trades: [String: Trade] = [:]
    var refunds: [String: Given] = [:]
    var queue = CallbackQueue(schedule: WeChatPayBooks.schedule)
    var plants: [WeChatPayPlant] = []
    /// Statements of these days are still being made.
    var creating: Set<String> = []
    var files: [String: (bytes: [UInt8], until: Timestamp)] = [:]
    var count: Int64 = 0
    let refundPause: Duration

    init(refundPause: Duration) { self.refundPause = refundPause }

    /// The waits before each later try: 24 h 4 min in all, as the platform documents.
    static let schedule: [Duration] = [
        15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600,
    ].map { .seconds($0) }

    mutating func next(_ prefix: String) -> String {
        count += 1
        let digits = String(count)
        return prefix + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
    }

    func trade(ofTransaction transaction: String) -> Trade? { trades.values.first { $0.transaction == transaction } }

    /// What of a payment was given back, or is on its way.
    func promised(of transaction: String) -> Int64 {
        refunds.values.filter { $0.transaction == transaction && $0.status != "CLOSED" }.reduce(0) { $0 + $1.amount }
    }

    /// Lets what has become due happen: refunds that are through, attempts past their time.
    mutating func advance(to now: Timestamp, _ signer: WeChatPaySigner, _ surroundings: Surroundings) {
        for refund in refunds.values.sorted(by: { $0.number < $1.number }) where refund.status == "PROCESSING" && refund.due <= now {
            finish(refund.number, "SUCCESS", at: now, signer, surroundings)
        }
        for (number, trade) in trades where trade.state == "NOTPAY" && !trade.isTyping {
            if let expires = trade.expires, expires <= now { trades[number]?.state = "CLOSED" }
        }
    }

    mutating func finish(_ number: String, _ status: String, at now: Timestamp, _ signer: WeChatPaySigner, _ surroundings: Surroundings) {
        guard var refund = refunds[number] else { return }
        refund.status = status
        if status == "SUCCESS" {
            refund.effects += 1
            refund.doneAt = now
        }
        refunds[number] = refund
        guard let url = refund.notify, let trade = trade(ofTransaction: refund.transaction) else { return }
        var content: [(String, JSON)] = [
            ("mchid", .string(signer.keys.merchant)), ("out_trade_no", .string(trade.number)), ("transaction_id", .string(refund.transaction)),
            ("out_refund_no", .string(refund.number)), ("refund_id", .string(refund.reference)), ("refund_status", .string(status)),
            ("user_received_account", "支付用户零钱"), ("amount", WeChatPayBooks.sums(refund, currency: false)),
        ]
        if let done = refund.doneAt { content.append(("success_time", .string(BeijingTime.written(done)))) }
        tell("REFUND.\(status)", "refund", .object(JSONObject(content)), to: url, at: now, signer, surroundings)
    }

    static func sums(_ refund: Given, currency: Bool) -> JSON {
        var sums: [(String, JSON)] = [
            ("total", .integer(refund.total)), ("refund", .integer(refund.amount)), ("payer_total", .integer(refund.total)),
            ("payer_refund", .integer(refund.amount)),
        ]
        if currency { sums.append(("currency", "CNY")) }
        return .object(JSONObject(sums))
    }
}
