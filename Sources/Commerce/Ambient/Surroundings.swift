/// What a rule must not reach for by itself: time, chance and new names.
///
/// Everything below the daemon takes these from outside, so that one seeded
/// executor can run the whole engine and every run of a seed is the same run.
package struct Surroundings: Sendable {
    package let time: any TimeSource
    package let random: any RandomSource
    package let ids: any IDSource
    /// The mistake a simulation plants; nil in every other life.
    package let planted: PlantedFault?
    /// The same for stock.
    package let plantedInStock: StockFault?
    /// The same for orders.
    package let plantedInOrders: OrderFault?
    /// The same for gateways.
    package let plantedInGateways: GatewayMistake?

    package init(
        time: any TimeSource, random: any RandomSource, ids: any IDSource, planted: PlantedFault? = nil,
        plantedInStock: StockFault? = nil, plantedInOrders: OrderFault? = nil, plantedInGateways: GatewayMistake? = nil
    ) {
        self.time = time
        self.random = random
        self.ids = ids
        self.planted = planted
        self.plantedInStock = plantedInStock
        self.plantedInOrders = plantedInOrders
        self.plantedInGateways = plantedInGateways
    }
}

/// Tells the time and waits.
package protocol TimeSource: Sendable {
    /// The wall clock, UTC. May jump; never decides dominance between writes.
    func now() -> Timestamp
    /// Nanoseconds on a clock that only goes forward; only differences mean anything.
    func monotonicNanoseconds() -> UInt64
    /// Returns after `duration`, or throws `CancellationError` at once when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// Gives uniformly distributed bits.
package protocol RandomSource: Sendable {
    func next() -> UInt64
}

/// Mints names that nobody else mints.
package protocol IDSource: Sendable {
    /// A new name of 20 characters out of `0-9a-z` without `i l o u`: 100 random bits.
    func next() -> String
}

/// An instant: whole milliseconds since 1970-01-01T00:00:00 UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + duration.milliseconds)
    }
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    package var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
