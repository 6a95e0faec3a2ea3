package import Commerce
import Foundation

/// A clock that stands still until a test moves it.
package final class ManualTime: TimeSource, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var current: Int64
    private var sleepers: [(id: UInt64, wake: Int64, continuation: CheckedContinuation<Void, any Error>)] = []
    private var nextID: UInt64 = 0

    package init(_ start: Timestamp = Timestamp(milliseconds: 1_760_000_000_000)) {
        current = start.milliseconds
    }

    package func now() -> Timestamp { lock.withLock { Timestamp(milliseconds: current) } }

    package func monotonicNanoseconds() -> UInt64 { lock.withLock { UInt64(current) * 1_000_000 } }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        let id = lock.withLock { nextID += 1; return nextID }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let cancelled = lock.withLock {
                    // Cancelled already, the handler below has run and would never wake us.
                    guard !Task.isCancelled else { return true }
                    sleepers.append((id, current + duration.milliseconds, continuation))
                    return false
                }
                if cancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = lock.withLock {
                sleepers.firstIndex { $0.id == id }.map { sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock and wakes whoever is due, earliest first.
    package func advance(by duration: Duration) {
        let due = lock.withLock {
            current += duration.milliseconds
            let due = sleepers.filter { $0.wake <= current }.sorted { ($0.wake, $0.id) < ($1.wake, $1.id) }
            sleepers.removeAll { $0.wake <= current }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }
}

/// SplitMix64: the same seed gives the same numbers everywhere.
package final class SeededRandom: RandomSource, RandomNumberGenerator, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package func next() -> UInt64 {
        lock.withLock {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}

/// Names that count up, so failures read well: `id-000001`.
package final class CountingIDs: IDSource, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var count = 0
    private let prefix: String

    package init(prefix: String = "id") { self.prefix = prefix }

    package func next() -> String {
        lock.withLock {
            count += 1
            let digits = String(count)
            return "\(prefix)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        }
    }
}

extension Surroundings {
    /// A world that holds still: manual clock, seeded chance, counted names.
    package static func still(seed: UInt64 = 1, time: ManualTime = ManualTime()) -> Surroundings {
        Surroundings(time: time, random: SeededRandom(seed: seed), ids: CountingIDs())
    }
}
