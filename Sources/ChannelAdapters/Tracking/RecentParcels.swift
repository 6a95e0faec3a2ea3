import Commerce
import Synchronization

/// Remembers for a while when something was last done with a parcel.
///
/// Kept in memory alone: forgotten by a restart, it costs one question too many and nothing else.
final class RecentParcels: Sendable {
    private let wait: Duration
    private let times = Mutex<[String: Timestamp]>([:])
    private static let countMax = 20_000

    init(wait: Duration) { self.wait = wait }

    /// How long it is too early still; nil when it may be done.
    func remaining(_ parcel: String, at now: Timestamp) -> Duration? {
        times.withLock { times in
            guard let last = times[parcel], last <= now, now - last < wait else { return nil }
            return wait - (now - last)
        }
    }

    func note(_ parcel: String, at now: Timestamp) {
        times.withLock { times in
            if times.count >= RecentParcels.countMax { times = times.filter { now - $0.value < wait } }
            if times.count >= RecentParcels.countMax { times.removeAll() }
            times[parcel] = now
        }
    }
}
