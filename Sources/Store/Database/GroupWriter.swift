import Commerce
import Foundation
import GRDB

/// Commits what is waiting, together.
///
/// While one transaction is on its way to the disk, the next writes gather; then all
/// of them share the next fsync. An idle writer starts at once, so a lone write
/// waits for nobody. Each write has its own savepoint: one that fails undoes itself
/// and leaves its neighbours alone. Who waits for one write goes before who brought many,
/// see ``WaitingWrites``.
final class GroupWriter: @unchecked Sendable {
    // Unchecked because `waiting`, `busy`, `observers`, `meters`, `counters` and `balanceRows` are only touched
    // under `lock`, and all else that changes only on the thread that holds the database's writer.
    typealias Job = WaitingWrites.Job
    let desk: WriterDesk
    private let database: any DatabaseWriter
    private let queue: DispatchQueue?
    private let lock = NSLock()
    private var waiting = WaitingWrites()
    private var busy = false
    private var observers: [@Sendable (Int64) -> Void] = []
    private var meters: [@Sendable (GroupCommit) -> Void] = []
    private var counters = WriterFigures()
    private var balanceRows = 0
    private let gauge = WriteAheadGauge()
    private let checkpointer: Checkpointer?
    /// Whether the desk could not be read again after something was undone.
    private var deskIsStale = false

    /// - Parameter checkpointer: moves the log into the database beside us; nil where nothing is moved.
    init(database: any DatabaseWriter, desk: WriterDesk, queued: Bool, checkpointer: Checkpointer?) {
        self.database = database
        self.desk = desk
        self.checkpointer = checkpointer
        queue = queued ? DispatchQueue(label: "heyi.store") : nil
        database.writeWithoutTransaction { db in gauge.attach(db) }
    }

    /// The newest sequence on disk while nothing is being written; nil while that is not known.
    var committedSequence: Int64? { deskIsStale ? nil : desk.sequence }

    /// Rows of stock balances written since opening.
    var balanceRowsWritten: Int { lock.withLock { balanceRows } }

    var figures: WriterFigures { lock.withLock { counters } }

    func observe(_ notice: @escaping @Sendable (Int64) -> Void) { lock.withLock { observers.append(notice) } }

    func measure(_ meter: @escaping @Sendable (GroupCommit) -> Void) { lock.withLock { meters.append(meter) } }

    func submit<T: Sendable>(
        _ body: @escaping @Sendable (Writing) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        guard queue != nil else { return try inline(body) }
        let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
            let box = WriteResult<T>()
            let job = job(body, into: box) { continuation.resume(returning: box.result) }
            enqueue { $0.add(job) }
        }
        return try result.get()
    }

    /// Many bodies at once, each undone alone; answered when all have been on disk.
    func submitEach<Item: Sendable, T: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Writing, Item) throws(StoreError) -> T
    ) async -> [Result<T, StoreError>] {
        guard !items.isEmpty else { return [] }
        let boxes = items.map { _ in WriteResult<T>() }
        await withCheckedContinuation { continuation in
            let open = Countdown(items.count) { continuation.resume() }
            var jobs: [Job] = []
            for (item, box) in zip(items, boxes) {
                jobs.append(job({ writing throws(StoreError) in try body(writing, item) }, into: box) { open.count() })
            }
            if queue == nil { commit(jobs) } else { enqueue { $0.add(many: jobs) } }
        }
        return boxes.map(\.result)
    }

    private func job<T>(
        _ body: @escaping (Writing) throws(StoreError) -> T, into box: WriteResult<T>, then: @escaping () -> Void
    ) -> Job {
        Job(
            run: { writing throws(StoreError) in box.value = try body(writing) },
            finish: { error in
                box.error = error
                then()
            })
    }

    /// Without a queue the write runs here and now: what a seeded run needs.
    private func inline<T>(_ body: @escaping (Writing) throws(StoreError) -> T) throws(StoreError) -> T {
        var value: T?
        var failure: StoreError?
        commit([
            Job(
                run: { writing throws(StoreError) in value = try body(writing) },
                finish: { failure = $0 })
        ])
        if let failure { throw failure }
        guard let value else { preconditionFailure("a write finished without running") }
        return value
    }

    private func enqueue(_ add: (inout WaitingWrites) -> Void) {
        let idle = lock.withLock {
            add(&waiting)
            defer { busy = true }
            return !busy
        }
        if idle { queue?.async { self.work() } }
    }

    private func work() {
        while true {
            let batch = lock.withLock { () -> WaitingWrites.Batch? in
                let batch = waiting.batch()
                if batch == nil { busy = false }
                return batch
            }
            guard let batch else { break }
            commit(batch.first, more: batch.isAlone ? nil : { [self] taken, nanoseconds in
                lock.withLock { waiting.more(after: taken, nanoseconds: nanoseconds) }
            })
            noteCheckpoint(checkpointer?.consider(pages: gauge.pages, isIdle: false, in: database))
        }
        noteCheckpoint(checkpointer?.consider(pages: gauge.pages, isIdle: true, in: database))
    }

    /// - Parameter more: gives further jobs of this transaction, told how many it has and since when it is open.
    private func commit(_ first: [Job], more: ((Int, UInt64) -> Job?)? = nil) {
        var batch = first
        var outcomes = [StoreError?](repeating: nil, count: batch.count)
        let before = desk.sequence
        let started = desk.surroundings.time.monotonicNanoseconds()
        do {
            try database.writeWithoutTransaction { db in
                do {
                    try transaction(in: db) {
                        try freshen(db)
                        desk.stock.clear()
                        let isAlone = batch.count == 1 && more == nil
                        var index = 0
                        var filling: UInt64?
                        while true {
                            if index == batch.count {
                                let now = desk.surroundings.time.monotonicNanoseconds()
                                filling = filling ?? now
                                guard let job = more?(index, now - (filling ?? now)) else { break }
                                batch.append(job)
                                outcomes.append(nil)
                            }
                            outcomes[index] = try run(batch[index], alone: isAlone, in: db)
                            index += 1
                        }
                        if isAlone, let error = outcomes[0] { throw error }
                        try desk.settle(db)
                        return .commit
                    }
                } catch {
                    throw StoreError.from(error, in: db)
                }
            }
        } catch {
            let failure = StoreError.from(error)
            for index in outcomes.indices where outcomes[index] == nil { outcomes[index] = failure }
            reloadDesk()
        }
        let nanoseconds = desk.surroundings.time.monotonicNanoseconds() - started
        let (notices, meters) = lock.withLock {
            counters.commits += 1
            balanceRows = desk.stock.rowsWritten
            counters.writes += batch.count
            counters.commitNanoseconds += nanoseconds
            counters.slowestNanoseconds = max(counters.slowestNanoseconds, nanoseconds)
            return (observers, self.meters)
        }
        for meter in meters { meter(GroupCommit(writes: batch.count, nanoseconds: nanoseconds)) }
        for (job, outcome) in zip(batch, outcomes) { job.finish(outcome) }
        if desk.sequence > before { for notice in notices { notice(desk.sequence) } }
    }

    private func transaction(in db: Database, _ body: () throws -> Database.TransactionCompletion) throws {
        guard desk.surroundings.planted == .answersBeforeDurable, queue == nil else {
            return try db.inTransaction(.immediate, body)
        }
        // The planted mistake: what was answered is committed with some later write.
        if !db.isInsideTransaction { try db.beginTransaction(.immediate) }
        try db.inSavepoint(body)
        if desk.sequence % 4 == 0 { try db.commit() }
    }

    /// - Returns: why the job was undone, or nil when it stands.
    /// - Throws: what ends the whole transaction.
    private func run(_ job: Job, alone: Bool, in db: Database) throws -> StoreError? {
        if alone { return attempt(job, in: db) }
        try db.run("SAVEPOINT job")
        let failure = attempt(job, in: db)
        do {
            if failure != nil { try db.run("ROLLBACK TO job") }
            try db.run("RELEASE job")
        } catch {
            // SQLite ends the transaction by itself on a full disk, the savepoint with it: the first error tells why.
            throw failure ?? StoreError.from(error, in: db)
        }
        if let failure {
            guard db.isInsideTransaction else { throw failure }
            desk.stock.undo()
            try desk.reload(db)
        }
        return failure
    }

    private func attempt(_ job: Job, in db: Database) -> StoreError? {
        desk.fault = nil
        desk.entity = nil
        desk.stock.begin()
        do throws(StoreError) { try job.run(Writing(db: db, desk: desk)) } catch { return error }
        // A body may go on after an error, but not keep half of what the database refused.
        return desk.fault
    }

    private func reloadDesk() {
        deskIsStale = true
        do {
            try database.writeWithoutTransaction { db in try freshen(db) }
        } catch {
            // The next commit tries again before anything else, and reports what is wrong.
            noteFailure()
        }
    }

    private func freshen(_ db: Database) throws {
        guard deskIsStale else { return }
        try desk.reload(db)
        deskIsStale = false
    }

    private func noteCheckpoint(_ outcome: Checkpointer.Outcome?) {
        switch outcome {
        case nil: break
        case .done: lock.withLock { counters.checkpoints += 1 }
        // A checkpoint that could not finish loses nothing; the next pause tries again.
        case .failed: noteFailure()
        }
    }

    func noteFailure() { lock.withLock { counters.failures += 1 } }

    func drain() async {
        guard let queue else { return }
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
        await checkpointer?.close()
    }
}
