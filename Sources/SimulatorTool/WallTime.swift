import Commerce
import Foundation

/// The machine's own clocks.
struct WallTime: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    func monotonicNanoseconds() -> UInt64 { UInt64(ProcessInfo.processInfo.systemUptime * 1_000_000_000) }

    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
