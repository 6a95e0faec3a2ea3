package import Commerce
import Dispatch
import Foundation

/// The host's clocks, for measuring and for the engine under measurement.
package struct HostTime: TimeSource {
    package init() {}

    package func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
    package func monotonicNanoseconds() -> UInt64 { HostTime.nanoseconds }
    package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

    static var nanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    /// Seconds `body` takes, by the clock that only goes forward.
    static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = nanoseconds
        try await body()
        return Double(nanoseconds - start) / 1e9
    }
}

struct MeasuringFailed: Error, CustomStringConvertible { let description: String }

func require(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
    guard holds else { throw MeasuringFailed(description: otherwise()) }
}
