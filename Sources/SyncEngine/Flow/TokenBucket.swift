/// Lets through `rate` units a second on average, and `burst` at once.
///
/// Holds a channel to its own request limit, and whoever calls us to ours. As the retry
/// budget each push puts a share of a token in and each retry takes one out, so that
/// retries add at most that share to the load in steady state.
///
/// Times are monotonic nanoseconds; one that lies before the last fills nothing.
package struct TokenBucket: Sendable {
    package let rate: Double
    package let burst: Double
    private var tokens: Double
    private var filledAt: UInt64?

    package init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = max(1, burst)
        tokens = max(1, burst)
    }

    /// Takes one token, or says how long until there is one.
    package mutating func take(at now: UInt64) -> Duration? {
        refill(now)
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        guard rate > 0 else { return .seconds(60) }
        return .milliseconds(max(1, Int64(((1 - tokens) / rate * 1_000).rounded(.up))))
    }

    /// Puts part of a token in by hand.
    package mutating func deposit(_ amount: Double) { tokens = min(burst, tokens + amount) }

    /// How full it is, 0 to 1.
    package mutating func level(at now: UInt64) -> Double {
        refill(now)
        return tokens / burst
    }

    private mutating func refill(_ now: UInt64) {
        if let filledAt, now > filledAt { tokens = min(burst, tokens + Double(now - filledAt) / 1e9 * rate) }
        filledAt = max(filledAt ?? now, now)
    }
}
