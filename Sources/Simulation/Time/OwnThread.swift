import Foundation

/// Runs what pumps an executor of its own and never yields, away from the threads
/// that other tests' tasks wait for.
package func onOwnThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
