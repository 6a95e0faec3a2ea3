import Commerce
import Store

extension DeskError {
    /// Says of a store's refusal what the one who asked can do next.
    init(_ error: StoreError) {
        switch error {
        case .diskFull, .readOnly: self = .unavailable(error.description, retryAfter: .seconds(5))
        case .closed: self = .unavailable("the daemon is stopping", retryAfter: .seconds(5))
        case .invalid(let failure): self = .invalid(field: failure.field, reason: failure.reason)
        case .notFound(let what): self = .notFound(what)
        case .contradiction(let reason): self = .contradiction(reason)
        case .corrupt, .damagedBackup, .alreadyRunning, .newerSchema, .changedMigration, .notDurable, .failed:
            self = .failed(error.description)
        }
    }
}

/// Runs store work and turns its errors into the desk's.
func atDesk<T: Sendable>(_ body: () async throws(StoreError) -> T) async throws(DeskError) -> T {
    do throws(StoreError) { return try await body() } catch { throw DeskError(error) }
}
