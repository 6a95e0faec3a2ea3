import Synchronization

/// Counts what happens in this process, for `/metrics`.
///
/// Only what has no other home is counted here; queue depths, lags and the like are
/// read from a ``StatusReport`` at the moment of a scrape.
final class Metrics: Sendable {
    struct RequestKey: Hashable {
        let listener: String
        let route: String
        let status: Int
    }

    struct ExchangeKey: Hashable {
        let channel: String
        let result: String
    }

    struct Figures {
        var requests: [RequestKey: UInt64] = [:]
        /// By listener and route.
        var durations: [String: [String: Histogram]] = [:]
        var pushes: [ExchangeKey: UInt64] = [:]
        var pulls: [ExchangeKey: UInt64] = [:]
        var commits = Histogram()
    }

    private let state = Mutex(Figures())

    var figures: Figures { state.withLock { $0 } }

    func request(listener: Listener, route: String, status: Int, seconds: Double) {
        state.withLock { figures in
            figures.requests[RequestKey(listener: listener.rawValue, route: route, status: status), default: 0] += 1
            figures.durations[listener.rawValue, default: [:]][route, default: Histogram()].observe(seconds)
        }
    }

    /// - Parameter result: `stored`, `stale`, `rejected`, `deferred`, `unknown`, `failed`.
    func push(channel: String, result: String, count: Int = 1) {
        state.withLock { $0.pushes[ExchangeKey(channel: channel, result: result), default: 0] += UInt64(max(0, count)) }
    }

    /// - Parameter result: `ok` or `failed`.
    func pull(channel: String, result: String) {
        state.withLock { $0.pulls[ExchangeKey(channel: channel, result: result), default: 0] += 1 }
    }

    /// One group commit, from begin to after the fsync.
    func commit(seconds: Double) { state.withLock { $0.commits.observe(seconds) } }
}
