package import Commerce
import Crypto
import GRDB

/// An order as its facts tell it.
package struct StoredOrder: Hashable, Sendable {
    package let number: String
    /// Whose goods its holds are: `order/NUMBER`, or `channel/ID/NUMBER` for one a channel took.
    package let owner: String
    package let state: OrderState
    /// Grows with every fact; the same version is the same order.
    package let version: Int64
    /// How often what its buyer sees of it changed without a fact, as with a parcel that moved on.
    package let shown: Int64
    let row: Int64

    /// Grows with everything that can be seen of it, facts or not: what channels are told, so that a newer one replaces an older.
    package var edition: Int64 { version + shown }

    /// How many facts an order may have before its buyer can add no more; as many again are kept for what happens by itself.
    package static let buyersFactsMax: Int64 = 500
}

/// An order while a write adds to it.
struct OrderBook {
    /// Nil until its first fact is written.
    var row: Int64?
    let number: String
    var owner: String
    let shown: Int64
    private(set) var facts: [RecordedFact]
    private(set) var state: OrderState
    /// The version its row was written with by the running transaction; nil when that has not touched it.
    var rowVersion: Int64?

    /// One that nothing is known of.
    init(new number: String) {
        self.init(row: nil, number: number, owner: "order/\(number)", facts: [])
    }

    init(row: Int64?, number: String, owner: String, shown: Int64 = 0, facts: [RecordedFact]) {
        self.row = row
        self.number = number
        self.owner = owner
        self.shown = shown
        self.facts = facts
        state = OrderFold.state(of: facts)
    }

    var version: Int64 { Int64(facts.count) }
    var order: StoredOrder { StoredOrder(number: number, owner: owner, state: state, version: version, shown: shown, row: row ?? 0) }

    mutating func append(_ fact: RecordedFact) {
        facts.append(fact)
        state = OrderFold.state(of: facts)
    }

    /// Whether it was told before; said again at a later time it is still the same.
    func knows(_ told: RecordedFact) -> Bool {
        let key = told.fact.key
        return facts.contains { $0.fact.key == key && $0.fact == told.fact && $0.at <= told.at }
    }

    func variants(of key: String) -> Int { facts.count { $0.fact.key == key } }
}

extension OrderNumber {
    /// A channel's order in our books: the same for the same, whoever asks and however often.
    package static func of(_ external: String, at channel: ChannelID) -> String {
        // Names of channels have no underscore, so no two channels share a number.
        let plain = "\(channel)_\(external)"
        if isValid(plain), !external.hasPrefix("_") { return plain }
        let hash = Array(SHA256.hash(data: Array("\(channel)/\(external)".utf8))).prefix(13)
        return "\(channel.text.prefix(12))__\(Array(hash).hexadecimal)"
    }
}

extension Reading {
    /// An order by its number; nil when nothing is known of it.
    package func order(_ number: String) throws(StoreError) -> StoredOrder? { try book(number)?.order }

    /// The number of the order that a transaction paid; nil for one that paid none here.
    package func order(paidBy payment: PaymentRef) throws(StoreError) -> String? {
        try perform { db in
            try db.first("SELECT number FROM payment JOIN order_head ON num = subject WHERE gateway = ? AND txn = ?") { parameters in
                parameters.set(1, payment.gateway)
                parameters.set(2, payment.transaction)
            } _: { try $0.text(0) }
        }
    }

    /// - Throws: `.notFound`.
    package func requireOrder(_ number: String) throws(StoreError) -> StoredOrder {
        guard let found = try order(number) else { throw .notFound("order \(number)") }
        return found
    }

    func book(_ number: String) throws(StoreError) -> OrderBook? {
        try perform { db in
            let head = try db.first("SELECT num, owner, shown FROM order_head WHERE number = ?") { $0.set(1, number) } _: { row in
                (row: try row.integer(0), owner: try row.text(1), shown: try row.integer(2))
            }
            guard let head else { return nil }
            let facts = try db.all("SELECT kind, body, at, author FROM order_fact WHERE subject = ? ORDER BY num") {
                $0.set(1, head.row)
            } _: { row in
                do {
                    guard let kind = OrderFact.Kind(rawValue: try row.text(0)) else { throw StoreError.corrupt("its kind") }
                    return RecordedFact(
                        try OrderFact(kind: kind, body: try JSON.parse(try row.bytes(1))),
                        at: Timestamp(milliseconds: try row.integer(2)), by: try row.text(3))
                } catch { throw StoreError.corrupt("a fact of order \(number) cannot be read: \(error)") }
            }
            return OrderBook(row: head.row, number: number, owner: head.owner, shown: head.shown, facts: facts)
        }
    }
}
