package import Commerce
import GRDB

/// What came of a movement that was asked for.
package enum StockOutcome: Hashable, Sendable {
    /// Written down; none where something was looked at and found right.
    case done([StockStep])
    /// Its cause has moved this before: nothing was done again.
    case known
    /// There is not as much; nothing was written.
    case short(StockShortfall)
}

extension Writing {
    /// Where a SKU lies, by numbers.
    func place(_ sku: EntityRef, _ warehouse: Warehouse) throws(StoreError) -> StockPlace {
        StockPlace(sku: try skuNumber(sku), warehouse: warehouse.number)
    }

    /// - Throws: `.invalid` for an entity that is no SKU, `.notFound` for one that is not there.
    func skuNumber(_ sku: EntityRef) throws(StoreError) -> Int64 {
        guard sku.kind == .sku else {
            throw .invalid(ValidationFailure(field: "sku", reason: "must be a SKU; stock is kept of nothing else, got \(sku)"))
        }
        guard let number = try entityNumber(sku) else { throw .notFound(sku.description) }
        return number
    }

    func line(_ place: StockPlace) throws(StoreError) -> StockLine {
        try perform { db in try desk.stock.line(place, db) }
    }

    func balance(_ place: StockPlace) throws(StoreError) -> StockBalance { try line(place).balance }

    /// Keeps a new balance until the end of the transaction.
    func put(_ balance: StockBalance, at place: StockPlace) throws(StoreError) {
        var line = try line(place)
        line.balance = balance
        desk.stock.put(line, at: place)
    }

    /// Writes one step of a movement down.
    func enter(
        _ kind: StockEntryKind, _ step: StockStep, sku: Int64, from: Int64, to: Int64, cause: StockCause, part: Int,
        author: String? = nil, reason: String? = nil
    ) throws(StoreError) {
        precondition(kind.allows(from: step.from, to: step.to), "no \(kind.rawValue) goes from \(step.from) to \(step.to)")
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            try db.run(Writing.insertEntry) { row in
                row.set(1, sku)
                row.set(2, kind.rawValue)
                row.set(3, step.quantity)
                row.set(4, from)
                row.set(5, step.from.description)
                row.set(6, to)
                row.set(7, step.to.description)
                row.set(8, cause.text)
                row.set(9, Int64(part))
                row.set(10, now)
                row.set(11, author)
                row.set(12, reason)
            }
        }
    }

    /// Writes the steps of a movement at one place down.
    func enter(
        _ kind: StockEntryKind, _ steps: [StockStep], at place: StockPlace, cause: StockCause, firstPart: Int = 0,
        author: String? = nil, reason: String? = nil
    ) throws(StoreError) {
        for (index, step) in steps.enumerated() {
            try enter(
                kind, step, sku: place.sku, from: place.warehouse, to: place.warehouse, cause: cause,
                part: firstPart + index, author: author, reason: reason)
        }
    }

    /// Whether a cause was worked off before.
    ///
    /// - Parameter quantities: what it would move of each SKU; nil where that depends on what is found.
    /// - Throws: `.contradiction` when it was about something else.
    func isKnown(_ cause: StockCause, _ kind: StockEntryKind, _ quantities: [EntityRef: Int64?]) throws(StoreError) -> Bool {
        let entries = try reading.stockEntries(cause: cause)
        guard !entries.isEmpty else { return false }
        var found: [EntityRef: Int64] = [:]
        for entry in entries { found[entry.sku, default: 0] += entry.quantity }
        let agrees =
            entries.allSatisfy { $0.kind == kind } && found.keys.sorted() == quantities.keys.sorted()
            && quantities.allSatisfy { sku, quantity in quantity == nil || quantity == found[sku] }
        guard agrees else {
            let was = entries.map { "\($0.kind.rawValue) \($0.quantity) of \($0.sku)" }.joined(separator: ", ")
            throw .contradiction("cause \(cause) was used for another movement: \(was). A new movement takes a new cause")
        }
        return true
    }

    private static let insertEntry = """
        INSERT INTO stock_entry (sku, kind, quantity, from_warehouse, from_account, to_warehouse, to_account, cause, part,
            at, author, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """
}

/// Runs a change of balances; a shortfall is an answer, not an error of the store.
func trying<T>(_ body: () throws(StockShortfall) -> T) -> Result<T, StockShortfall> {
    do throws(StockShortfall) { return .success(try body()) } catch { return .failure(error) }
}
