package import Commerce

/// A hybrid logical time: milliseconds since 1970 UTC, then a counter.
///
/// Orders writes for people and breaks ties between concurrent ones; it never
/// decides whether one write has seen another, that is what clocks are for.
/// Rule: Kulkarni et al., "Logical Physical Clocks", 2014.
package struct Stamp: Hashable, Comparable, Sendable {
    package let raw: UInt64

    package init(raw: UInt64) { self.raw = raw }

    package init(time: Timestamp, counter: UInt16 = 0) {
        // Beyond what 48 bits hold a shift would come out as some earlier time.
        raw = UInt64(min(max(0, time.milliseconds), Stamp.latest)) << 16 | UInt64(counter)
    }

    /// The year 10889; a time after it counts as this one.
    private static let latest: Int64 = (1 << 48) - 1

    package var time: Timestamp { Timestamp(milliseconds: Int64(raw >> 16)) }

    package static func < (left: Stamp, right: Stamp) -> Bool { left.raw < right.raw }

    /// The first stamp after this one and not before `time`.
    package func next(at time: Timestamp) -> Stamp {
        let physical = Stamp(time: time)
        return physical > self ? physical : Stamp(raw: raw + 1)
    }

    /// How far ahead of our own clock a remote stamp may be before it is refused.
    package static let aheadMax: Duration = .seconds(300)
}
