import Synchronization

/// Remembers the answers given under an `Idempotency-Key`, so a repeated request gets
/// the same one and does nothing again.
protocol AnswerMemory: Sendable {
    /// - Returns: nil for a key that is new to this principal.
    func answer(for key: AnswerKey) async throws(DeskError) -> KeptAnswer?
    /// Keeps the answer for a day or longer.
    func keep(status: Int, body: [UInt8], for key: AnswerKey) async throws(DeskError)
}

/// One principal's name for one request; `digest` is what the request was.
struct AnswerKey: Hashable, Sendable {
    let principal: String
    let key: String
    /// SHA-256 of method, target and body.
    let digest: [UInt8]
}

struct KeptAnswer: Hashable, Sendable {
    let status: Int
    let body: [UInt8]
    /// False when the key was used for another request.
    let sameRequest: Bool
}

/// Keys whose first request is still being worked on.
final class KeysInFlight: Sendable {
    private let keys = Mutex<Set<[String]>>([])

    /// - Returns: false when the key is taken.
    func enter(_ key: AnswerKey) -> Bool { keys.withLock { $0.insert([key.principal, key.key]).inserted } }
    func leave(_ key: AnswerKey) { _ = keys.withLock { $0.remove([key.principal, key.key]) } }
}
