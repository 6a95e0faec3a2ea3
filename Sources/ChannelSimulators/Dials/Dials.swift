package import Commerce

/// A shop's bad habits; all off to begin with, each may be turned while it runs.
///
/// Chances are in 1,000 for each request or, where it says so, each delta.
package struct Dials: Hashable, Sendable {
    package enum Darkness: String, CaseIterable, Sendable {
        case off
        /// Connections are closed without a word.
        case closed
        /// Answers 503 to everything.
        case unavailable
    }

    package var seed: UInt64 = 1
    package var latencyMillisecondsMin = 0
    package var latencyMillisecondsMax = 0
    /// 503, nothing done.
    package var failBefore = 0
    /// 500, though all was done.
    package var failAfter = 0
    /// All was done, and the connection is closed without an answer.
    package var dropAfter = 0
    /// 429 with `Retry-After: 1`.
    package var throttle = 0
    /// For each delta: rejected for good.
    package var reject = 0
    /// For each delta: not now.
    package var `defer` = 0
    /// For each page of a pull: every delta comes twice.
    package var repeatPulls = 0
    /// For each read, page of a snapshot or item: as it was before the last write.
    package var staleReads = 0
    package var reordersPulls = false
    /// Answers a known operation id as the first time and does nothing.
    package var recognisesKeys = true
    package var comparesAndSwaps = true
    /// Answers digests, where its face has them.
    package var digests = true
    /// How the hub may change what it sells from; nil for not at all.
    package var quantities: QuantityCapability?
    /// Whether it takes what becomes of its orders at the hub.
    package var takesOrders = false
    /// Sells what it does not have.
    package var oversells = false
    package var dark = Darkness.off
    /// Another one makes all cursors given out before void.
    package var generation = "g1"
    package var batchMax = 200
    package var requestsPerSecond: Double?
    /// Families it takes; nil for all.
    package var families: [String]?
    /// What it does to values, and says so in its capabilities.
    package var projection = Projection()
    /// What it does to values without having said so.
    package var undeclared = Projection()
    /// Whether a push answers what became of a value the undeclared rules changed.
    package var admitsUndeclared = true

    package init() {}

    /// A value as this shop stores it.
    package func stored(_ value: JSON, unit: UnitName) -> JSON {
        undeclared.apply(to: projection.apply(to: value, unit: unit), unit: unit)
    }
}
