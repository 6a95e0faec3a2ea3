import Commerce
import Synchronization

/// Which of Stripe's ids goes with a number of ours, and which stretch of time was looked through for them.
///
/// It may forget: what is missing is looked for there. Its use is that a list is not read from its beginning each time.
final class StripeMemory: Sendable {
    private struct Held {
        var ids: [String: String] = [:]
        /// Every payment made between these is in `ids`.
        var seen: [StripePlan.Way: ClosedRange<Timestamp>] = [:]
        /// How often all was forgotten.
        var life = 0
    }
    private static let countMax = 200_000
    /// What was being made while the list was read may be dated before it and come to light after.
    private static let overlap = Duration.seconds(3_600)
    private let held = Mutex(Held())

    func id(of number: String, _ way: StripePlan.Way) -> String? { held.withLock { $0.ids[StripeMemory.place(number, way)] } }

    func keep(_ id: String, _ number: String, _ way: StripePlan.Way) {
        held.withLock { held in
            // All at once: which of them are still wanted nobody here knows.
            if held.ids.count >= StripeMemory.countMax { held = Held(life: held.life + 1) }
            held.ids[StripeMemory.place(number, way)] = id
        }
    }

    func forget(_ number: String, _ way: StripePlan.Way) { held.withLock { $0.ids[StripeMemory.place(number, way)] = nil } }

    var life: Int { held.withLock { $0.life } }

    /// From when on the list has to be read, to know all that was made since `time`.
    func unseen(since time: Timestamp, _ way: StripePlan.Way) -> Timestamp {
        let start = held.withLock { held in held.seen[way].flatMap { $0.contains(time) ? $0.upperBound : nil } }
        return start.map { max(time, Timestamp(milliseconds: $0.milliseconds - StripeMemory.overlap.milliseconds)) } ?? time
    }

    /// The list was read to its end; that counts only if nothing was forgotten since it was begun.
    func saw(_ range: ClosedRange<Timestamp>, _ way: StripePlan.Way, life: Int) {
        held.withLock { held in
            guard held.life == life else { return }
            guard let before = held.seen[way], before.contains(range.lowerBound) else {
                held.seen[way] = range
                return
            }
            held.seen[way] = before.lowerBound...max(before.upperBound, range.upperBound)
        }
    }

    private static func place(_ number: String, _ way: StripePlan.Way) -> String { "\(way.rawValue) \(number)" }
}
