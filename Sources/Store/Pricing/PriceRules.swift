package import Commerce
import GRDB

/// A rule of prices, and how often it was changed.
package struct StoredPriceRule: Hashable, Sendable {
    package let rule: PriceRule
    package let version: Int64
    package let changedAt: Timestamp
}

extension StoredPriceRule {
    fileprivate static let select = "SELECT id, body, version, changed_at FROM price_rule WHERE dropped = 0"

    init(_ row: Columns) throws(StoreError) {
        let text = try row.text(0)
        guard let id = EntityID(text) else { throw .corrupt("price rule \(text) has no id") }
        do { rule = try PriceRule(id, try JSON.parse(try row.bytes(1))) } catch { throw .corrupt("price rule \(text): \(error)") }
        version = try row.integer(2)
        changedAt = Timestamp(milliseconds: try row.integer(3))
    }
}

extension Reading {
    package func priceRule(_ id: EntityID) throws(StoreError) -> StoredPriceRule? {
        try perform { db in
            try db.first(StoredPriceRule.select + " AND id = ?") { $0.set(1, id.text) } _: { try StoredPriceRule($0) }
        }
    }

    /// Rules by their ids, after one.
    package func priceRules(_ kind: PriceRule.Kind?, after id: String = "", limit: Int) throws(StoreError) -> [StoredPriceRule] {
        try perform { db in
            try db.all(StoredPriceRule.select + " AND (?1 IS NULL OR kind = ?1) AND id > ?2 ORDER BY id LIMIT ?3") { row in
                row.set(1, kind?.rawValue)
                row.set(2, id)
                row.set(3, Int64(limit))
            } _: { try StoredPriceRule($0) }
        }
    }

    /// Counts the changes of all rules together.
    package func priceBookVersion() throws(StoreError) -> Int64 {
        try perform { db in try db.first("SELECT version FROM price_book WHERE one = 1") { _ in } _: { try $0.integer(0) } } ?? 0
    }

    /// All rules, to be kept until ``priceBookVersion()`` moves.
    package func priceBook() throws(StoreError) -> PriceBook {
        PriceBook(version: try priceBookVersion(), rules: try priceRules(nil, limit: .max >> 1).map(\.rule))
    }
}

extension Writing {
    /// Sets a rule of prices; quotes that were given stay as they are.
    ///
    /// - Parameter base: the version it was changed from, 0 for one that is not there; nil where it does not matter.
    /// - Throws: `.contradiction` when somebody else changed it meanwhile.
    @discardableResult
    package func putPriceRule(_ rule: PriceRule, base: Int64? = nil) throws(StoreError) -> StoredPriceRule {
        try assertBase(rule.id, base)
        for channel in rule.channels.sorted() { _ = try reading.requireChannel(channel) }
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            try db.run(
                """
                INSERT INTO price_rule (id, kind, body, version, changed_at) VALUES (?, ?, ?, 1, ?)
                ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, body = excluded.body, version = price_rule.version + 1,
                    changed_at = excluded.changed_at, dropped = 0
                """
            ) { row in
                row.set(1, rule.id.text)
                row.set(2, rule.kind.rawValue)
                row.set(3, rule.json.bytes)
                row.set(4, now)
            }
            try db.run("UPDATE price_book SET version = version + 1")
        }
        guard let stored = try reading.priceRule(rule.id) else { throw .failed("price rule \(rule.id) is gone") }
        return stored
    }

    /// - Throws: `.notFound` for a rule that is not there.
    package func dropPriceRule(_ id: EntityID, base: Int64? = nil) throws(StoreError) {
        guard try reading.priceRule(id) != nil else { throw .notFound("price rule \(id)") }
        try assertBase(id, base)
        try perform { db in
            try db.run("UPDATE price_rule SET dropped = 1, version = version + 1 WHERE id = ?") { $0.set(1, id.text) }
            try db.run("UPDATE price_book SET version = version + 1")
        }
    }

    private func assertBase(_ id: EntityID, _ base: Int64?) throws(StoreError) {
        guard let base else { return }
        let held = try reading.priceRule(id)?.version ?? 0
        guard held == base else {
            throw .contradiction("price rule \(id) is at version \(held), not \(base): somebody changed it; read it again")
        }
    }
}
