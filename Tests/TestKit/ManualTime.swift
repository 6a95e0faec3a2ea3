package import Commerce
import Foundation
import Simulation

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

extension Surroundings {
    /// A world that holds still: manual clock, seeded chance, counted names.
    package static func still(seed: UInt64 = 1, time: ManualTime = ManualTime()) -> Surroundings {
        Surroundings(time: time, random: SeededRandom(seed: seed), ids: CountingIDs())
    }
}
