package import Commerce
import GRDB

/// What a channel sells a SKU from as far as the hub knows, and what is under way to change it.
package struct ToldQuantity: Hashable, Sendable {
    package let sku: EntityRef
    let number: Int64
    /// The number its last write came to; nil before it was asked, or while that write is in doubt.
    package internal(set) var confirmed: Int64?
    /// Units of orders it has told of since then.
    package internal(set) var sold: Int64 = 0
    /// What it said to hold last. Shown to people; nothing is worked out from it.
    package internal(set) var seen: Int64?
    /// What a comparison has to name, after one that named another number.
    var compare: Int64?
    /// How many writes were made for it: names the one under way.
    package internal(set) var writes: Int64 = 0
    /// Written down before it is sent; the same again until its end is known.
    package internal(set) var write: QuantityWrite?
    package internal(set) var attempts: Int64 = 0
    /// When there is something to do about it, whether or not the stock moves.
    package internal(set) var dueAt: Timestamp?
    package internal(set) var error: String?

    init(sku: EntityRef, number: Int64) {
        self.sku = sku
        self.number = number
    }

    /// What it should hold now, having sold nothing that it has not told of.
    package var known: Int64? { confirmed.map { $0 - sold } }

    static let columns = """
        stock_told.sku, entity.kind, entity.id, confirmed, sold, seen, compare, writes, write_kind, amount, base, attempts, due_at, error
        """

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        sku = try EntityRef(row, at: 1)
        confirmed = try row.integerIfAny(3)
        sold = try row.integer(4)
        seen = try row.integerIfAny(5)
        compare = try row.integerIfAny(6)
        writes = try row.integer(7)
        attempts = try row.integer(11)
        dueAt = try row.integerIfAny(12).map { Timestamp(milliseconds: $0) }
        error = try row.textIfAny(13)
        guard let kind = try row.textIfAny(8) else { return }
        let amount = try row.integer(9)
        switch QuantityCapability(rawValue: kind) {
        case .adjust: write = .adjust(by: amount)
        case .compareAndSet: write = .compareAndSet(from: try row.integer(10), to: amount)
        case .set: write = .set(amount)
        case nil: throw .corrupt("what channel is told of \(sku) cannot be read: \(kind)")
        }
    }
}

extension Reading {
    /// What a channel sells a SKU from; nil before it was told anything.
    package func toldQuantity(_ sku: EntityRef, to channel: ChannelRecord) throws(StoreError) -> ToldQuantity? {
        guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
        return try perform { db in
            try db.first(
                """
                SELECT \(ToldQuantity.columns) FROM stock_told JOIN entity ON entity.num = stock_told.sku
                WHERE channel = ? AND stock_told.sku = ?
                """
            ) { parameters in
                parameters.set(1, channel.number)
                parameters.set(2, number)
            } _: { try ToldQuantity($0) }
        }
    }

    /// What is due to be told to a channel, whether or not the stock moves; the longest due first.
    func dueQuantities(_ channel: ChannelRecord, at now: Timestamp, limit: Int) throws(StoreError) -> [ToldQuantity] {
        try perform { db in
            try db.all(
                """
                SELECT \(ToldQuantity.columns) FROM stock_told JOIN entity ON entity.num = stock_told.sku
                WHERE channel = ? AND due_at <= ? ORDER BY due_at, stock_told.sku LIMIT ?
                """
            ) { parameters in
                parameters.set(1, channel.number)
                parameters.set(2, now.milliseconds)
                parameters.set(3, Int64(limit))
            } _: { try ToldQuantity($0) }
        }
    }

    /// Whether there is anything to tell a channel now, and when there will be if nothing moves.
    package func quantitiesWaiting(_ channel: ChannelRecord, at now: Timestamp) throws(StoreError) -> (now: Bool, next: Timestamp?) {
        let position = try channelPace(channel).position
        let next = try perform { db in
            try db.first("SELECT min(due_at) FROM stock_told WHERE channel = ? AND due_at IS NOT NULL") {
                $0.set(1, channel.number)
            } _: { try $0.integerIfAny(0).map { Timestamp(milliseconds: $0) } }
        } ?? nil
        if let next, next <= now { return (true, next) }
        return (try !moves(after: position, through: .max, limit: 1).isEmpty, next)
    }
}

extension Writing {
    func put(_ told: ToldQuantity, of channel: ChannelRecord) throws(StoreError) {
        let (kind, amount, base) = told.write.map(Writing.parts) ?? (nil, nil, nil)
        try perform { db in
            try db.run(
                """
                INSERT INTO stock_told (channel, sku, confirmed, sold, seen, compare, writes, write_kind, amount, base, attempts, due_at, error)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                ON CONFLICT (channel, sku) DO UPDATE SET confirmed = ?3, sold = ?4, seen = ?5, compare = ?6, writes = ?7,
                    write_kind = ?8, amount = ?9, base = ?10, attempts = ?11, due_at = ?12, error = ?13
                """
            ) { row in
                let numbers = [channel.number, told.number, told.confirmed, told.sold, told.seen, told.compare, told.writes]
                for (index, number) in numbers.enumerated() { row.set(Int32(index) + 1, number) }
                row.set(8, kind?.rawValue)
                row.set(9, amount)
                row.set(10, base)
                row.set(11, told.attempts)
                row.set(12, told.dueAt?.milliseconds)
                row.set(13, told.error)
            }
        }
    }

    private static func parts(_ write: QuantityWrite) -> (QuantityCapability?, Int64?, Int64?) {
        switch write {
        case .adjust(let by): (.adjust, by, nil)
        case .compareAndSet(let from, let to): (.compareAndSet, to, from)
        case .set(let number): (.set, number, nil)
        }
    }
}
