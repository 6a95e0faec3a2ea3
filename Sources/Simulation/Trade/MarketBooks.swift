import Commerce

/// What came in and went back by the books of those who moved it: the till's, or the platforms' and the hand's.
struct MarketBooks: Sendable {
    private var paid: [String: Int64] = [:]
    private var refunded: [String: Int64] = [:]
    /// What these books say against themselves.
    private(set) var faults: [String] = []
    private(set) var sentBack: Int64 = 0
    private let till: Till

    init(_ till: Till) {
        self.till = till
        sentBack = till.sentBack.values.reduce(0, +)
    }

    init(_ platforms: Platforms) throws {
        self.init(platforms.hand)
        for (number, amount) in platforms.hand.sentBack { refunded[MarketBooks.order(number), default: 0] += amount }
        for platform in platforms.all {
            let books = try platform.books()
            for payment in books.payments { paid[MarketBooks.order(payment.number), default: 0] += payment.amount }
            var once: Set<String> = []
            for refund in books.refunds {
                refunded[MarketBooks.order(refund.number), default: 0] += refund.amount
                sentBack += refund.amount
                if !once.insert(refund.number).inserted { faults.append("\(platform.id) sent \(refund.number) back more than once") }
            }
        }
    }

    func takenIn(_ order: String) -> Int64 { till.takenIn(order) + (paid[order] ?? 0) }

    /// Whether money stays where the order may not keep it, by these books alone; nil where there is none.
    func wronglyKept(_ order: String, by money: OrderMoney) -> String? {
        let kept = (paid[order] ?? 0) - (refunded[order] ?? 0)
        guard kept > 0 else { return nil }
        if money.isCancelled { return "order \(order) is cancelled and its platform keeps \(kept)" }
        return kept > money.total ? "order \(order) costs \(money.total) and its platforms keep \(kept)" : nil
    }

    private static func order(_ number: String) -> String { number.lastIndex(of: "-").map { String(number[..<$0]) } ?? number }
}
