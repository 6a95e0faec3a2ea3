package import Commerce
import GRDB

/// An order in a list: its fold as far as people search by it.
package struct OrderHead: Hashable, Sendable {
    package let number: String
    package let channel: ChannelID?
    package let external: String?
    package let member: EntityID?
    package let phase: OrderPhase
    package let total: Money?
    package let placedAt: Timestamp?
    package let changedAt: Timestamp
    /// Its edition: grows with everything that can be seen of it.
    package let version: Int64
    /// After-sale cases that are open.
    package let cases: Int64
    /// What a person should look at.
    package let problems: Int64
    /// Where it stands in a list; a page goes on before it.
    package let place: Int64
}

/// Which orders a list shows; what is nil does not matter.
package struct OrderSearch: Hashable, Sendable {
    package var channel: ChannelID?
    package var member: EntityID?
    package var phase: OrderPhase?
    /// What a channel calls it.
    package var external: String?
    /// The last four digits of the buyer's phone.
    package var phoneTail: String?
    package var placedFrom: Timestamp?
    /// The first instant that is not shown any more.
    package var placedBefore: Timestamp?
    /// Only those with an open after-sale case.
    package var hasCases = false
    /// Only those a person should look at.
    package var hasProblems = false

    package init() {}
}

extension Reading {
    /// Orders that fit, the newest first, before (that is, older than) a place.
    package func orders(_ search: OrderSearch, before place: Int64? = nil, limit: Int) throws(StoreError) -> [OrderHead] {
        let channel: Int64? = if let id = search.channel { try requireChannel(id).number } else { nil }
        // Only fixed words are put together here; what is searched for is bound.
        var conditions = ["order_head.num < ?1"]
        if channel != nil { conditions.append("order_head.channel = ?2") }
        if search.member != nil { conditions.append("member = ?3") }
        if search.phase != nil { conditions.append("phase = ?4") }
        if search.external != nil { conditions.append("external = ?5") }
        if search.phoneTail != nil { conditions.append("phone_tail = ?6") }
        if search.placedFrom != nil { conditions.append("placed_at >= ?7") }
        if search.placedBefore != nil { conditions.append("placed_at < ?8") }
        if search.hasCases { conditions.append("cases > 0") }
        if search.hasProblems { conditions.append("problems > 0") }
        let sql = """
            SELECT order_head.num, number, channel.id, external, member, phase, currency, total, placed_at, order_head.changed_at,
                version + shown, cases, problems
            FROM order_head LEFT JOIN channel ON channel.num = order_head.channel
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY order_head.num DESC LIMIT ?9
            """
        return try perform { db in
            try db.all(sql) { parameters in
                parameters.set(1, place ?? .max)
                parameters.set(2, channel)
                parameters.set(3, search.member?.text)
                parameters.set(4, search.phase?.rawValue)
                parameters.set(5, search.external)
                parameters.set(6, search.phoneTail)
                parameters.set(7, search.placedFrom?.milliseconds)
                parameters.set(8, search.placedBefore?.milliseconds)
                parameters.set(9, Int64(limit))
            } _: { try OrderHead($0) }
        }
    }

    /// How many orders are in each phase.
    package func orderCounts() throws(StoreError) -> [OrderPhase: Int64] {
        try perform { db in
            var counts: [OrderPhase: Int64] = [:]
            try db.rows("SELECT phase, count(*) FROM order_head GROUP BY phase") { _ in } _: { row in
                if let phase = OrderPhase(rawValue: try row.text(0)) { counts[phase] = try row.integer(1) }
                return true
            }
            return counts
        }
    }
}

extension OrderHead {
    init(_ row: Columns) throws(StoreError) {
        place = try row.integer(0)
        number = try row.text(1)
        channel = try row.textIfAny(2).flatMap { ChannelID($0) }
        external = try row.textIfAny(3)
        member = try row.textIfAny(4).flatMap { EntityID($0) }
        guard let phase = OrderPhase(rawValue: try row.text(5)) else { throw .corrupt("order \(number) is in no phase") }
        self.phase = phase
        if let code = try row.textIfAny(6), let currency = Currency(code), let amount = try row.integerIfAny(7) {
            total = Money(amount: amount, currency: currency)
        } else {
            total = nil
        }
        placedAt = try row.integerIfAny(8).map { Timestamp(milliseconds: $0) }
        changedAt = Timestamp(milliseconds: try row.integer(9))
        version = try row.integer(10)
        cases = try row.integer(11)
        problems = try row.integer(12)
    }
}
