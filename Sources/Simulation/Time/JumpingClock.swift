package import Commerce
import Synchronization

/// A wall clock over virtual time that jumps when it is told to; waiting is as long as ever.
package final class JumpingClock: TimeSource {
    private let time: any TimeSource
    private let offset = Mutex(Int64(0))

    package init(_ time: any TimeSource) { self.time = time }

    package func jump(by duration: Duration) { offset.withLock { $0 += duration.milliseconds } }

    package func now() -> Timestamp { Timestamp(milliseconds: time.now().milliseconds + offset.withLock { $0 }) }
    package func monotonicNanoseconds() -> UInt64 { time.monotonicNanoseconds() }
    package func sleep(for duration: Duration) async throws { try await time.sleep(for: duration) }
}
