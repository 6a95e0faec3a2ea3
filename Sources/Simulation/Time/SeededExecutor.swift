package import Commerce
import Synchronization

/// One thread, virtual time, and a seed that decides which ready job runs next.
///
/// Stands in for every executor of the engine, so that the production code runs
/// unchanged and the same seed gives the same run, job by job. Time moves only when
/// nothing is ready, and then straight to the next sleeper.
package final class SeededExecutor: SerialExecutor, TaskExecutor, TimeSource, @unchecked Sendable {
    // Unchecked because all of it is touched by the one thread that pumps.
    private var ready: [UnownedJob] = []
    private typealias Sleeper = (id: UInt64, wake: Int64, continuation: CheckedContinuation<Void, any Error>)
    private var sleepers: [Sleeper] = []
    private var nextID: UInt64 = 0
    private var milliseconds: Int64
    private let random: SeededRandom
    /// A fingerprint of all choices made so far; equal for equal runs.
    package private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    package private(set) var jobs = 0
    /// A loop that never waits would keep the time from passing for ever.
    private static let jobsPerInstantMax = 10_000
    /// Whether that happened. Time will not pass any more.
    package private(set) var isSpinning = false
    private var instant: Int64 = 0
    private var jobsAtInstant = 0

    package init(seed: UInt64, start: Int64 = 1_760_000_000_000) {
        random = SeededRandom(seed: seed)
        milliseconds = start
    }

    package func enqueue(_ job: consuming ExecutorJob) { ready.append(UnownedJob(job)) }
    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    package func checkIsolated() {}

    package func now() -> Timestamp { Timestamp(milliseconds: milliseconds) }
    package func monotonicNanoseconds() -> UInt64 { UInt64(milliseconds) * 1_000_000 }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        nextID += 1
        let id = nextID
        let wake = milliseconds + max(0, duration.milliseconds)
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                sleepers.append((id, wake, continuation))
            }
        } onCancel: {
            if let index = sleepers.firstIndex(where: { $0.id == id }) {
                sleepers.remove(at: index).continuation.resume(throwing: CancellationError())
            }
        }
    }

    /// Adds something the run did to its fingerprint.
    package func mark(_ value: UInt64) { trace = (trace ^ value) &* 0x0000_0100_0000_01B3 }

    /// Runs jobs until `done` says so.
    ///
    /// - Returns: false when `limit` of virtual time passed first, or nothing is left to run.
    package func pump(limit: Duration = .seconds(86_400), until done: () -> Bool) -> Bool {
        let end = milliseconds + limit.milliseconds
        while !isSpinning, !done() {
            if ready.isEmpty {
                guard wakeSleepers(until: end) else { return false }
                continue
            }
            let index = Int(random.next() % UInt64(ready.count))
            mark(UInt64(index) << 32 | UInt64(ready.count))
            jobs += 1
            if milliseconds != instant { (instant, jobsAtInstant) = (milliseconds, 0) }
            jobsAtInstant += 1
            if jobsAtInstant > SeededExecutor.jobsPerInstantMax { isSpinning = true }
            let job = ready.remove(at: index)
            job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
        return !isSpinning
    }

    /// Ends what is still under way: a task that never runs again would keep all it knows in memory.
    package func abandon() {
        // Who is woken may sleep again, once or twice; who goes on for ever is left alone.
        for _ in 0..<100 where !isSpinning {
            for sleeper in sleepers { sleeper.continuation.resume(throwing: CancellationError()) }
            sleepers.removeAll()
            if ready.isEmpty { return }
            _ = pump(limit: .zero) { ready.isEmpty }
        }
    }

    /// Lets time pass until somebody's sleep is over.
    ///
    /// - Returns: false when nobody's is before `end`.
    private func wakeSleepers(until end: Int64) -> Bool {
        var next = Int64.max
        for sleeper in sleepers { next = min(next, sleeper.wake) }
        guard next <= end, !sleepers.isEmpty else { return false }
        milliseconds = max(milliseconds, next)
        var due: [Sleeper] = []
        sleepers.removeAll { sleeper in
            guard sleeper.wake <= milliseconds else { return false }
            due.append(sleeper)
            return true
        }
        if due.count > 1 { due.sort { ($0.wake, $0.id) < ($1.wake, $1.id) } }
        for sleeper in due { sleeper.continuation.resume() }
        return true
    }

    /// Runs `body` as a task of this world and returns its result when it is done.
    package func perform<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws -> T {
        let result = Mutex<Result<T, any Error>?>(nil)
        let task = Task(executorPreference: self) {
            do {
                let value = try await body()
                result.withLock { $0 = .success(value) }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
        }
        guard pump(until: { result.withLock { $0 != nil } }) else {
            task.cancel()
            throw Stuck(isSpinning: isSpinning)
        }
        return try result.withLock { held in
            guard let held else { throw Stuck(isSpinning: isSpinning) }
            return try held.get()
        }
    }

    /// Nothing that was asked for will ever be done.
    package struct Stuck: Error {
        /// Whether something goes round and round without waiting; else everything waits for nothing.
        package let isSpinning: Bool
    }
}
