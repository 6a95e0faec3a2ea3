/// What the accounts of one SKU at one warehouse hold: the fold of its entries.
///
/// No account is ever below zero. ``backordered`` is the debt side: what is promised and
/// not there. It is bounded by ``backorderLimit``; only what has happened already, a sale
/// of a channel or a count of the shelf, may force it further, and ``forced`` says how far.
package struct StockBalance: Hashable, Sendable {
    package private(set) var pool: Int64 = 0
    package private(set) var safety: Int64 = 0
    package private(set) var rights: [ChannelID: Int64] = [:]
    package private(set) var reserved: Int64 = 0
    package private(set) var sold: Int64 = 0
    package private(set) var damaged: Int64 = 0
    package private(set) var transit: Int64 = 0
    package private(set) var backordered: Int64 = 0
    /// The debt beyond the limit.
    package private(set) var forced: Int64 = 0
    /// How many units may be promised that are not there; 0 forbids it.
    package private(set) var backorderLimit: Int64 = 0

    package init(backorderLimit: Int64 = 0) { self.backorderLimit = max(0, min(backorderLimit, StockQuantity.max)) }

    /// Takes balances as they are written down, whatever they are: ``flaw`` tells whether they can be.
    package init(
        pool: Int64, safety: Int64, rights: [ChannelID: Int64], reserved: Int64, sold: Int64, damaged: Int64,
        transit: Int64, backordered: Int64, forced: Int64, backorderLimit: Int64
    ) {
        self.pool = pool
        self.safety = safety
        self.rights = rights.filter { $0.value != 0 }
        self.reserved = reserved
        self.sold = sold
        self.damaged = damaged
        self.transit = transit
        self.backordered = backordered
        self.forced = forced
        self.backorderLimit = backorderLimit
    }

    /// Units of sellable quality in the house, whoever they are promised to.
    package var onHand: Int64 { pool + safety + rightsTotal + reserved + sold - backordered }
    package var rightsTotal: Int64 { rights.values.reduce(0, +) }
    /// What may still be promised that is not there.
    package var backorderRoom: Int64 { max(0, backorderLimit - backordered) }

    package func value(of account: StockAccount) -> Int64 {
        switch account {
        case .outside: 0
        case .pool: pool
        case .safety: safety
        case .right(let channel): rights[channel] ?? 0
        case .reserved: reserved
        case .sold: sold
        case .damaged: damaged
        case .transit: transit
        case .backorder: backordered
        }
    }

    /// How many units the accounts hold together, a debt counted against them: what entries between them never change.
    package var total: Int64 { onHand + damaged + transit }

    /// Moves units from one account to another, both of this place.
    ///
    /// - Parameter forcing: the debt may grow beyond its limit, because what makes it has happened.
    /// - Throws: ``StockShortfall``; nothing changed then.
    package mutating func apply(_ step: StockStep, forcing: Bool = false) throws(StockShortfall) {
        var changed = self
        try changed.take(step.quantity, from: step.from, forcing: forcing)
        try changed.give(step.quantity, to: step.to)
        // What is not in the house cannot leave it.
        guard changed.onHand >= 0 else {
            throw StockShortfall(account: step.from, wanted: step.quantity, there: step.quantity + changed.onHand)
        }
        self = changed
    }

    /// Sets how much may be promised that is not there; a debt beyond it stays, and nothing is added to it.
    package mutating func limitBackorders(to limit: Int64) {
        backorderLimit = max(0, min(limit, StockQuantity.max))
        forced = max(0, backordered - backorderLimit)
    }

    private mutating func take(_ quantity: Int64, from account: StockAccount, forcing: Bool) throws(StockShortfall) {
        guard account != .outside else { return }
        // A debt is taken from by making it greater.
        if account == .backorder {
            let room = forcing ? StockQuantity.max - backordered : backorderRoom
            guard quantity <= room else { throw StockShortfall(account: account, wanted: quantity, there: room) }
            backordered += quantity
            forced = max(0, backordered - backorderLimit)
            return
        }
        let there = value(of: account)
        guard quantity <= there else { throw StockShortfall(account: account, wanted: quantity, there: there) }
        set(there - quantity, account)
    }

    private mutating func give(_ quantity: Int64, to account: StockAccount) throws(StockShortfall) {
        guard account != .outside else { return }
        if account == .backorder {
            guard quantity <= backordered else {
                throw StockShortfall(account: account, wanted: quantity, there: backordered)
            }
            backordered -= quantity
            forced = max(0, backordered - backorderLimit)
            return
        }
        let there = value(of: account)
        guard quantity <= StockQuantity.max - there else {
            throw StockShortfall(account: account, wanted: quantity, there: StockQuantity.max - there)
        }
        set(there + quantity, account)
    }

    private mutating func set(_ value: Int64, _ account: StockAccount) {
        switch account {
        case .outside: break
        case .pool: pool = value
        case .safety: safety = value
        case .right(let channel): rights[channel] = value == 0 ? nil : value
        case .reserved: reserved = value
        case .sold: sold = value
        case .damaged: damaged = value
        case .transit: transit = value
        case .backorder: backordered = value
        }
    }

    /// The first law this balance breaks, in words; nil when it can be.
    package var flaw: String? {
        let plain = StockAccount.plain.map { ($0.description, value(of: $0)) }
        let all = plain + rights.sorted { $0.key < $1.key }.map { ("right:\($0.key)", $0.value) }
        if let below = all.first(where: { $0.1 < 0 }) { return "\(below.0) is \(below.1)" }
        if onHand < 0 { return "more was shipped than was there: \(onHand)" }
        if forced != max(0, backordered - backorderLimit) { return "\(forced) of the debt are called forced" }
        return nil
    }
}
