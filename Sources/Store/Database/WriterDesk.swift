import Commerce
import ConflictResolution
import Foundation
import GRDB

/// What the writer keeps at hand between transactions; the database remains the truth.
///
/// Touched only by whoever holds the writer. After anything is undone it is read
/// again from the database, so nothing undone can linger here.
final class WriterDesk: @unchecked Sendable {
    // Unchecked because all access is serialised by the one database writer.
    let surroundings: Surroundings
    let life: StoreLife
    let directory: Directory
    private(set) var sequence: Int64 = 0
    private(set) var stamp = Stamp(raw: 0)
    private var persistedStamp = Stamp(raw: 0)
    /// What the database refused during the write that runs now.
    var fault: StoreError?
    /// The entity looked up last in this transaction, with its number.
    var entity: (ref: EntityRef, number: Int64)?
    /// What the next entry of the audit is chained to; nil until it is looked up.
    var auditEnd: [UInt8]?
    /// The balances of stock that the running transaction has touched.
    let stock = StockSheet()

    init(_ db: Database, life: StoreLife, surroundings: Surroundings) throws {
        self.life = life
        self.surroundings = surroundings
        directory = Directory()
        try reload(db)
    }

    func reload(_ db: Database) throws {
        entity = nil
        auditEnd = nil
        sequence = try Int64.fetchOne(db, sql: Migration.newestSequence) ?? 0
        let stored = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'stamp'")
        persistedStamp = Stamp(raw: stored.flatMap { UInt64($0) } ?? 0)
        // Never back: neighbours of what was undone may have been given later ones.
        stamp = max(stamp, persistedStamp)
        try directory.reload(db)
    }

    func nextSequence() -> Int64 {
        sequence += 1
        return sequence
    }

    /// The latest stamp given or taken in.
    var newestStamp: Stamp { stamp }

    /// The hub's next stamp: later than every stamp it has given or taken in.
    func nextStamp() -> Stamp {
        stamp = stamp.next(at: surroundings.time.now())
        return stamp
    }

    /// Takes in a remote stamp, so that what the hub writes next is later.
    func witness(_ remote: Stamp) { if remote > stamp { stamp = remote } }

    /// Writes what the transaction has kept here until its end.
    func settle(_ db: Database) throws {
        try stock.flush(db, self)
        try persist(db)
    }

    /// Writes the upper bound of stamps, so that a clock set back over a restart cannot repeat one.
    private func persist(_ db: Database) throws {
        guard stamp > persistedStamp else { return }
        try db.cachedStatement(
            sql: "INSERT INTO meta (key, value) VALUES ('stamp', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        ).execute(arguments: [String(stamp.raw)])
        persistedStamp = stamp
    }
}
