import Synchronization

/// Which of Stripe's ids goes with a number of ours. It may forget: what is missing is looked for there.
final class StripeMemory: Sendable {
    private static let countMax = 20_000
    private let ids = Mutex<[String: String]>([:])

    func id(of number: String, _ way: StripePlan.Way) -> String? { ids.withLock { $0[StripeMemory.place(number, way)] } }

    func keep(_ id: String, _ number: String, _ way: StripePlan.Way) {
        ids.withLock { ids in
            // All at once: which of them are still wanted nobody here knows, and one look at the list brings them back.
            if ids.count >= StripeMemory.countMax { ids.removeAll() }
            ids[StripeMemory.place(number, way)] = id
        }
    }

    func forget(_ number: String, _ way: StripePlan.Way) { ids.withLock { $0[StripeMemory.place(number, way)] = nil } }

    private static func place(_ number: String, _ way: StripePlan.Way) -> String { "\(way.rawValue) \(number)" }
}
