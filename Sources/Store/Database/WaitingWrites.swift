/// Writes that wait for the next common transaction, in two lanes.
///
/// Single writes go first, in their order: each has somebody waiting for it, a sender for the
/// answer to its callback. Writes that came in numbers fill up what is left of a transaction:
/// all of it while nobody else waits, a small part of its time when somebody does. They are
/// never shut out, and never hold up an answer for longer than that.
struct WaitingWrites {
    struct Job {
        let run: (Writing) throws(StoreError) -> Void
        let finish: (StoreError?) -> Void
    }

    struct Batch {
        let first: [Job]
        /// Nobody else waits: the job needs no savepoint of its own.
        let isAlone: Bool
    }

    /// Writes in one transaction at most: beyond this, the first callers wait longer than the fsync saves.
    private static let batchMax = 256
    /// How long a transaction is filled up while somebody waits: what an fsync takes on a good disk.
    private static let fillNanoseconds: UInt64 = 2_000_000

    private var single: [Job] = []
    private var many: [Job] = []
    /// How many of `many` are taken already: taking the first one by one must not move the others each time.
    private var manyTaken = 0
    private var isSomebodyWaiting = false

    mutating func add(_ job: Job) { single.append(job) }
    mutating func add(many jobs: [Job]) { many += jobs }

    /// What the next transaction begins with; nil when nothing waits.
    mutating func batch() -> Batch? {
        let first = Array(single.prefix(WaitingWrites.batchMax))
        single.removeFirst(first.count)
        isSomebodyWaiting = !first.isEmpty
        if !first.isEmpty { return Batch(first: first, isAlone: first.count == 1 && many.isEmpty) }
        guard let job = nextOfMany() else { return nil }
        return Batch(first: [job], isAlone: many.isEmpty)
    }

    /// One more job for a transaction that has `taken` and has been filled up for so long; nil when it is to end.
    mutating func more(after taken: Int, nanoseconds: UInt64) -> Job? {
        guard taken < WaitingWrites.batchMax else { return nil }
        if !single.isEmpty { isSomebodyWaiting = true }
        guard !isSomebodyWaiting || nanoseconds < WaitingWrites.fillNanoseconds else { return nil }
        return nextOfMany()
    }

    private mutating func nextOfMany() -> Job? {
        guard manyTaken < many.count else { return nil }
        defer {
            manyTaken += 1
            if manyTaken == many.count {
                many = []
                manyTaken = 0
            }
        }
        return many[manyTaken]
    }
}
