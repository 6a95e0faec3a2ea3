import Commerce
import GRDB

/// The balances the running transaction has touched, kept until its end.
///
/// However many holds on one SKU share a commit, its row is read once and written once.
/// The rows stay the truth: nothing is kept here from one transaction to the next, and
/// whoever reads balances inside the transaction has them written first.
final class StockSheet {
    private struct Entry {
        /// What the row holds; nil where there is none.
        var written: StockLine?
        var now: StockLine
        var isDirty: Bool { written != now && !(written == nil && now == .none) }
    }

    private var entries: [StockPlace: Entry] = [:]
    /// How entries looked when the write that runs now came to them.
    private var journal: [(place: StockPlace, before: Entry?)] = []
    /// What others' fences keep of a SKU, by channel.
    private var fences: [Int64: [ChannelID: Int64]] = [:]
    private var openWarehouses: [Warehouse]?
    /// Balance rows written since the store was opened.
    private(set) var rowsWritten = 0

    /// A transaction begins, or everything was undone.
    func clear() {
        // Mostly nothing has been touched, and an empty dictionary is not worth making anew.
        if !entries.isEmpty { entries.removeAll(keepingCapacity: true) }
        begin()
        forgetRules()
    }

    /// A write begins; ``undo()`` comes back to here.
    func begin() { if !journal.isEmpty { journal.removeAll(keepingCapacity: true) } }

    /// Takes back what the write that failed has done here; its rows were rolled back by SQLite.
    func undo() {
        for (place, before) in journal.reversed() { entries[place] = before }
        begin()
        forgetRules()
    }

    /// Policies or warehouses are about to change, or their change was undone.
    func forgetRules() {
        if !fences.isEmpty { fences = [:] }
        openWarehouses = nil
    }

    func line(_ place: StockPlace, _ db: Database) throws -> StockLine {
        if let entry = entries[place] { return entry.now }
        let written = try db.stockLine(place)
        entries[place] = Entry(written: written, now: written ?? .none)
        return written ?? .none
    }

    /// Changes what is known of a place; ``line(_:_:)`` was asked before.
    func put(_ line: StockLine, at place: StockPlace) {
        note(place)
        entries[place]?.now = line
    }

    private func note(_ place: StockPlace) { journal.append((place, entries[place])) }

    func fences(of sku: Int64, _ load: () throws -> [ChannelID: Int64]) throws -> [ChannelID: Int64] {
        if let known = fences[sku] { return known }
        let found = try load()
        fences[sku] = found
        return found
    }

    func warehouses(_ load: () throws -> [Warehouse]) throws -> [Warehouse] {
        if let known = openWarehouses { return known }
        let found = try load()
        openWarehouses = found
        return found
    }

    /// Writes every balance that changed, and puts each SKU that channels may show otherwise into the feed.
    func flush(_ db: Database, _ desk: WriterDesk) throws {
        var moved: Set<Int64> = []
        for place in entries.keys.sorted() {
            guard let entry = entries[place], entry.isDirty else { continue }
            note(place)
            try db.write(entry.now, at: place, instead: entry.written)
            rowsWritten += 1
            if entry.now.shows(otherThan: entry.written ?? .none) { moved.insert(place.sku) }
            entries[place] = Entry(written: entry.now, now: entry.now)
        }
        for sku in moved.sorted() { try db.move(.stock, sku, to: desk.nextSequence()) }
    }
}
