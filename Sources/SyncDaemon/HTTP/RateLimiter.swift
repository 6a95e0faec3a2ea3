import Commerce
import HTTPTypes
import SyncEngine
import Synchronization

/// Rate limits by name, for as many names as fit.
///
/// A name not seen lately is forgotten, which only ever gives it its full burst back;
/// so a flood of made-up names costs a fixed amount of memory.
final class RateLimiter: Sendable {
    private struct Ledger {
        var buckets: [String: TokenBucket] = [:]
        var older: [String: TokenBucket] = [:]
    }

    private let rate: Rate
    private let namesMax: Int
    private let time: any TimeSource
    private let ledger = Mutex(Ledger())

    init(_ rate: Rate, namesMax: Int, time: any TimeSource) {
        self.rate = rate
        self.namesMax = namesMax
        self.time = time
    }

    /// - Throws: a 429 problem carrying how long to wait.
    func admit(_ name: String, what: String) throws(Problem) {
        let now = time.monotonicNanoseconds()
        let wait = ledger.withLock { ledger in
            // Two generations make a cheap least-recently-used: when the young one is full, the old one goes.
            if ledger.buckets.count >= max(1, namesMax / 2) {
                ledger.older = ledger.buckets
                ledger.buckets = [:]
            }
            var bucket = ledger.buckets[name] ?? ledger.older[name] ?? TokenBucket(rate: rate.perSecond, burst: rate.burst)
            let wait = bucket.take(at: now)
            ledger.buckets[name] = bucket
            return wait
        }
        guard let wait else { return }
        var problem = Problem(.tooManyRequests, "rate_limited", "Too many requests from this \(what); slow down.")
        problem.retryAfterSeconds = max(1, Int((Double(wait.milliseconds) / 1_000).rounded(.up)))
        throw problem
    }
}
