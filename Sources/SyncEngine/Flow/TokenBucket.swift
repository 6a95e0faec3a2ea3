package import Commerce

/// Lets through `rate` units a second on average, and `burst` at once.
///
/// Used for a channel's own request limit, and as the retry budget: each first try
/// puts a tenth of a token in and each retry takes one out, so that retries add at
/// most a tenth to the load in steady state.
package struct TokenBucket: Sendable {
    package let rate: Double
    package let burst: Double
    private var tokens: Double
    private var at: Timestamp?

    package init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = max(1, burst)
        tokens = max(1, burst)
    }

    /// Takes one token, or says how long until there is one.
    package mutating func take(at now: Timestamp) -> Duration? {
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
    package mutating func level(at now: Timestamp) -> Double {
        refill(now)
        return tokens / burst
    }

    private mutating func refill(_ now: Timestamp) {
        if let at, now > at { tokens = min(burst, tokens + Double((now - at).milliseconds) / 1_000 * rate) }
        at = max(at ?? now, now)
    }
}
