import Commerce
import Synchronization

/// Counts what happens in this process, for `/metrics`.
///
/// Only what has no other home is counted here; queue depths, lags and the like are
/// read from a ``StatusReport`` at the moment of a scrape. Labels are channels, routes
/// and words out of closed lists, so the number of series is bounded by the configuration.
final class Metrics: Sendable {
    struct RequestKey: Hashable {
        let listener: String
        let route: String
        let status: Int
    }

    struct ExchangeKey: Hashable, Comparable {
        let channel: String
        let result: String

        static func < (left: Self, right: Self) -> Bool {
            (left.channel, left.result) < (right.channel, right.result)
        }
    }

    struct Figures {
        var requests: [RequestKey: UInt64] = [:]
        /// By listener and route.
        var durations: [String: [String: Histogram]] = [:]
        var pushes: [ExchangeKey: UInt64] = [:]
        var pulls: [ExchangeKey: UInt64] = [:]
        var callbacks: [ExchangeKey: UInt64] = [:]
        var edits: [ExchangeKey: UInt64] = [:]
        var conflicts: UInt64 = 0
        var commits = Histogram()
        var writes: UInt64 = 0
        /// What channels took to answer, by channel and operation.
        var exchanges: [ExchangeKey: Histogram] = [:]
        /// From a change's commit to the channel's confirmation, by channel.
        var confirmations: [String: Histogram] = [:]
        /// Until when the certificate a channel showed last is valid.
        var certificates: [String: Timestamp] = [:]
        fileprivate var commitTimes = CommitTimes()
    }

    private let state = Mutex(Figures())
    let clocks = ClockShift()

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

    /// - Parameter result: `ok` for a page, `failed`.
    func pull(channel: String, result: String) {
        state.withLock { $0.pulls[ExchangeKey(channel: channel, result: result), default: 0] += 1 }
    }

    /// - Parameter result: `applied`, `failed` for one that is tried again, `dead`.
    func callback(channel: String, result: String) {
        state.withLock { $0.callbacks[ExchangeKey(channel: channel, result: result), default: 0] += 1 }
    }

    /// One edit at a channel, taken up.
    func edit(channel: String, prevailed: Bool) {
        let key = ExchangeKey(channel: channel, result: prevailed ? "prevailed" : "overruled")
        state.withLock { $0.edits[key, default: 0] += 1 }
    }

    /// A channel has shown its certificate, as it does on each new connection.
    func certificate(of channel: String, ends: Timestamp) {
        state.withLock { $0.certificates[channel] = ends }
    }

    func conflict() { state.withLock { $0.conflicts += 1 } }

    /// One group commit, from begin to after the fsync.
    func commit(seconds: Double, writes: Int = 1) {
        state.withLock { figures in
            figures.commits.observe(seconds)
            figures.writes += UInt64(max(0, writes))
        }
    }

    /// The feed has come to `sequence` at a moment of the monotonic clock.
    func committed(_ sequence: Int64, at nanoseconds: UInt64) {
        state.withLock { $0.commitTimes.note(sequence, at: nanoseconds) }
    }

    /// A channel has confirmed everything up to `sequence`; said twice, it counts once.
    func confirmed(channel: String, through sequence: Int64, at nanoseconds: UInt64) {
        state.withLock { figures in
            guard let seconds = figures.commitTimes.confirmed(sequence, by: channel, at: nanoseconds) else { return }
            figures.confirmations[channel, default: Histogram(bounds: Histogram.longSeconds)].observe(seconds)
        }
    }

    /// One exchange with a channel, however it ended.
    ///
    /// - Parameter operation: `capabilities`, `push`, `pull`, `read`, `enumerate` or `other`.
    func exchange(channel: String, operation: String, seconds: Double) {
        let key = ExchangeKey(channel: channel, result: operation)
        state.withLock { $0.exchanges[key, default: Histogram()].observe(seconds) }
    }
}
