import HTTPTypes
import Synchronization

/// Counts what is being worked on, class by class, and turns away what has no place left.
///
/// Turning away at once, rather than queueing, keeps the answer cheap for us and
/// tells a well-behaved sender to come back.
final class CapacityGate: Sendable {
    private let places: [CapacityClass: Int]
    private let taken = Mutex<[CapacityClass: Int]>([:])

    init(_ places: [CapacityClass: Int]) { self.places = places }

    /// Takes a place until ``leave(_:)``.
    ///
    /// - Throws: a 503 problem with `Retry-After` when the class has none left.
    func enter(_ kind: CapacityClass) throws(Problem) {
        let entered = taken.withLock { taken in
            guard taken[kind, default: 0] < places[kind, default: 0] else { return false }
            taken[kind, default: 0] += 1
            return true
        }
        guard entered else {
            throw .unavailable("All places for \(kind.rawValue) requests are taken.", retryAfterSeconds: 1)
        }
    }

    func leave(_ kind: CapacityClass) {
        taken.withLock { taken in taken[kind, default: 1] -= 1 }
    }

    func inUse(_ kind: CapacityClass) -> Int { taken.withLock { $0[kind, default: 0] } }
}
