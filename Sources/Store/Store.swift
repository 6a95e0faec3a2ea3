package import Commerce
import ConflictResolution
import Foundation
import GRDB

/// The master record: one durable writer, many readers, one feed.
///
/// A write is a synchronous closure over ``Writing``, so nothing can suspend inside
/// a transaction. Concurrent writes share one transaction and one fsync; each
/// caller is answered after that fsync and not before. A write that throws undoes
/// itself alone.
///
/// Opening takes the directory for this process: a second one is refused. A store
/// that was restored or copied notices it and starts a new life (see ``StoreLife``).
package final class Store: Sendable {
    private let database: any DatabaseWriter
    private let writer: GroupWriter
    private let readers: DispatchQueue?
    private let claim: DirectoryClaim?
    let disk: any Disk
    package let location: StoreLocation
    package let life: StoreLife

    /// Opens a store, creating it where there is none.
    ///
    /// - Parameter readersMax: Connections that read beside the one writer.
    /// - Parameter disk: Where the files beside the database lie.
    /// - Throws: ``StoreError``: the directory is taken, damaged, read-only, from a
    ///   newer program, or cannot promise durability.
    package convenience init(
        _ location: StoreLocation, surroundings: Surroundings, readersMax: Int = 4, disk: any Disk = SystemDisk()
    ) throws(StoreError) {
        try self.init(location, surroundings: surroundings, readersMax: readersMax, disk: disk) { _ in }
    }

    /// - Parameter fill: puts into a database what it is to hold, before anything is read of it.
    init(
        _ location: StoreLocation, surroundings: Surroundings, readersMax: Int, disk: any Disk = SystemDisk(),
        fill: (DatabaseQueue) throws -> Void
    ) throws(StoreError) {
        do {
            self.location = location
            self.disk = disk
            let checkpointer: Checkpointer?
            let now = surroundings.time.now()
            switch location {
            case .directory(let path):
                claim = disk.isShared ? try DirectoryClaim(directory: path) : nil
                try RestorePlace(directory: path, disk: disk).assertWhole()
                let pool = try DatabasePool(
                    path: path + "/heyi.db", configuration: Store.configuration(readersMax: readersMax))
                database = pool
                readers = disk.answersOnCaller ? nil : DispatchQueue(label: "heyi.store.read", attributes: .concurrent)
                checkpointer = disk.answersOnCaller
                    ? nil : Checkpointer(path: path + "/heyi.db", configuration: Store.configuration())
                try Store.assertDurable(pool)
                try Store.moveLog(pool)
            case .memory:
                claim = nil
                checkpointer = nil
                var configuration = Store.configuration()
                configuration.allowsUnsafeTransactions = surroundings.planted == .answersBeforeDurable
                let queue = try DatabaseQueue(configuration: configuration)
                try fill(queue)
                database = queue
                readers = nil
            }
            let life = try database.writeWithoutTransaction { db in
                try Migration.migrate(db, at: now.milliseconds)
                return try StoreLife.begin(db, location: location, on: disk, surroundings: surroundings)
            }
            self.life = life
            let desk = try database.writeWithoutTransaction { db in
                try WriterDesk(db, life: life, surroundings: surroundings)
            }
            writer = GroupWriter(
                database: database, desk: desk, queued: location != .memory && !disk.answersOnCaller, checkpointer: checkpointer)
        } catch {
            throw StoreError.from(error)
        }
    }

    /// Runs `body` in a transaction shared with other waiting writes, and returns once
    /// the transaction is on disk.
    ///
    /// - Throws: ``StoreError``; nothing of `body` was written.
    @discardableResult
    package func write<T: Sendable>(
        _ body: @escaping @Sendable (Writing) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        try await writer.submit(body)
    }

    /// Runs `body` for each item, in common transactions as far as they fit; one that throws is undone alone.
    ///
    /// For work that comes in numbers: one by one it would wait for the disk each time.
    package func writeEach<Item: Sendable, T: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Writing, Item) throws(StoreError) -> T
    ) async -> [Result<T, StoreError>] {
        await writer.submitEach(items, body)
    }

    /// Runs `body` on a consistent view of what is committed, beside the writer.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (Reading) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        let directory = writer.desk.directory
        let database = self.database
        guard let readers else { return try Store.readHere(database, directory, body) }
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            readers.async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try Store.readNow(database, directory, body)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    /// Calls `notice` after each commit that moved the feed, with its newest sequence.
    /// Called on the writer's queue: hand over and return.
    package func onCommit(_ notice: @escaping @Sendable (Int64) -> Void) { writer.observe(notice) }

    /// Calls `meter` after each commit, whatever it held, with what it cost.
    /// Called on the writer's queue before anybody is answered: count and return.
    package func onGroupCommit(_ meter: @escaping @Sendable (GroupCommit) -> Void) { writer.measure(meter) }

    /// Figures of the writer since opening, for operators.
    package var writerFigures: WriterFigures { writer.figures }

    /// Rows of stock balances written since opening: one for each SKU and place a commit touched, however many holds it had.
    package var balanceRowsWritten: Int { writer.balanceRowsWritten }

    /// Proves that a write reaches the disk now, and leaves nothing behind.
    ///
    /// - Throws: ``StoreError``, the same that a write would get.
    package func probe() async throws(StoreError) {
        try await write { writing throws(StoreError) in
            try writing.perform { db in
                try db.execute(sql: "INSERT INTO meta (key, value) VALUES ('probe', '1') ON CONFLICT DO NOTHING")
                try db.execute(sql: "DELETE FROM meta WHERE key = 'probe'")
            }
        }
    }

    /// Answers what is waiting, then closes the files and gives the directory back.
    package func close() async {
        await writer.drain()
        noteProgress()
        // A reader that is still busy keeps its handle and closes it itself; every write is on disk by now.
        do { try database.close() } catch { writer.noteFailure() }
        claim?.release()
    }

    /// Notes beside the database how far it has come, so that an older copy put in its place is noticed.
    private func noteProgress() {
        // After a failed write that could not be read back it is not known; the mark of the last opening stays.
        guard case .directory(let path) = location, let sequence = writer.committedSequence else { return }
        do {
            try LifeMark(
                generation: life.generation, epoch: life.epoch, sequence: sequence, directory: path, on: disk
            ).write(in: path, on: disk)
        } catch {
            // The mark of the last opening stays and is as true as before.
            writer.noteFailure()
        }
    }

    var connection: any DatabaseWriter { database }
    package var surroundings: Surroundings { writer.desk.surroundings }

    private static func readNow<T>(
        _ database: any DatabaseWriter, _ directory: Directory, _ body: (Reading) throws(StoreError) -> T
    ) throws(StoreError) -> T {
        do {
            return try database.unsafeRead { db in
                try db.atOneMoment { () throws -> T in try body(Reading(db: db, directory: directory)) }
            }
        } catch {
            throw StoreError.from(error)
        }
    }

    /// In memory nobody else writes meanwhile, so neither a transaction nor a ban on writing is needed.
    private static func readHere<T>(
        _ database: any DatabaseWriter, _ directory: Directory, _ body: (Reading) throws(StoreError) -> T
    ) throws(StoreError) -> T {
        do {
            return try database.unsafeRead { db in try body(Reading(db: db, directory: directory)) }
        } catch {
            throw StoreError.from(error)
        }
    }

    /// How long a lock held by somebody else is waited for.
    static let patienceMilliseconds: Int32 = 5_000

    private static func configuration(readersMax: Int = 1) -> Configuration {
        var configuration = Configuration()
        configuration.label = "heyi.store"
        // A backup or the CLI may hold the file for a moment; GRDB's default is to fail at once.
        configuration.busyMode = .timeout(Double(patienceMilliseconds) / 1_000)
        configuration.maximumReaderCount = readersMax
        configuration.prepareDatabase { db in
            // GRDB's pool lowers this to NORMAL, under which an acknowledged write can vanish with the power.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            // Readers are several, and what they miss lies in the system's cache.
            try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -16_384 : -65_536)")
            // Checkpoints happen beside the writer, see Checkpointer.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            // Overwriting a log is faster than growing one, so a part of it is kept.
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }

    private static func assertDurable(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? "unknown"
            let synchronous = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
            guard mode == "wal" else { throw StoreError.notDurable("journal mode is \(mode), not WAL") }
            guard synchronous == 2 else { throw StoreError.notDurable("synchronous is \(synchronous), not FULL") }
        }
    }
}

extension Store {
    /// Moves what an earlier process left in the log into the database, and makes that durable.
    ///
    /// A process that ended while its disk failed may have left a commit that the system shows and the disk
    /// does not hold: a sync that failed is not made up for by the next one. Opening takes such a commit for
    /// good, and what followed it in the log would go with it when the power does.
    private static func moveLog(_ pool: DatabasePool) throws {
        do {
            _ = try pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Somebody reads the files as they were; what could be moved is moved, and synced.
        }
    }
}

/// Where a store lives.
package enum StoreLocation: Hashable, Sendable {
    /// A directory of its own; created with mode 0700 if missing.
    case directory(String)
    /// In memory and gone with the process; writes run on their caller, one by one.
    case memory
}
