import CDispatch
import Glibc

/// Tells how far the host's clock was set since the process began.
///
/// Compares the time of day with the time since boot, which nobody sets and which goes on
/// while the machine sleeps.
struct ClockShift: Sendable {
    private let began = ClockShift.difference()

    /// Positive when the clock was set forward.
    var seconds: Double { ClockShift.difference() - began }

    private static func difference() -> Double { read(CLOCK_REALTIME) - read(CLOCK_BOOTTIME) }

    static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
