package import Commerce

/// How long to wait before trying again: full jitter.
///
/// A random wait between zero and the ceiling, which doubles from `base` to `cap`. With
/// one second and fifteen minutes: attempt 1 waits up to 1 s, 2 up to 2 s, 5 up to 16 s, 10 up to
/// 512 s, 11 and more up to 900 s. Rule: AWS, "Exponential Backoff and Jitter", 2015.
package struct RetrySchedule: Hashable, Sendable {
    package let base: Duration
    package let cap: Duration
    /// Attempts after which somebody must look: about three days of trying.
    package let attemptsMax: Int
    /// How long one change of a unit is tried in vain before somebody must look.
    package let horizon: Duration

    package init(
        base: Duration = .seconds(1), cap: Duration = .seconds(900), attemptsMax: Int = 600,
        horizon: Duration = .seconds(72 * 3_600)
    ) {
        self.base = base
        self.cap = cap
        self.attemptsMax = attemptsMax
        self.horizon = horizon
    }

    /// No channel is left alone longer than this on its own word: a date in the wrong century
    /// would otherwise silence it for good.
    package static let askedMax: Duration = .seconds(86_400)

    /// What a channel asked for, as far as it is heeded: at least `base`, so that asking for no wait at all is no
    /// busy loop, and at most ``askedMax``.
    package func heeded(_ asked: Duration) -> Duration { min(max(asked, base), RetrySchedule.askedMax) }

    /// The wait before attempt `attempt + 1`; never shorter than what the channel asked for, as far as that is heeded.
    package func wait(afterAttempt attempt: Int, asked: Duration? = nil, random: any RandomSource) -> Duration {
        let doublings = min(max(0, attempt - 1), 30)
        let ceiling = min(base.milliseconds << doublings, cap.milliseconds)
        let jittered = Int64(random.next() % UInt64(max(1, ceiling))) + 1
        return max(.milliseconds(jittered), asked.map(heeded) ?? .zero)
    }
}
