/// Remembers the answers given under an `Idempotency-Key`, so a repeated request gets
/// the same one and does nothing again.
protocol AnswerMemory: Sendable {
    /// Claims a key for a principal's request, or says what became of it.
    func claim(_ key: AnswerKey) async throws(DeskError) -> AnswerClaim
    /// Keeps the answer for a day or longer.
    func keep(_ answer: KeptAnswer, for key: AnswerKey) async throws(DeskError)
    /// Gives the key back after a request that changed nothing.
    func release(_ key: AnswerKey) async throws(DeskError)
}

/// One principal's name for one request; `digest` is what the request was.
struct AnswerKey: Hashable, Sendable {
    let principal: String
    let key: String
    /// SHA-256 of method, path and body.
    let digest: [UInt8]
}

enum AnswerClaim: Hashable, Sendable {
    case fresh
    case answered(KeptAnswer)
    /// The first request under this key is still being worked on.
    case inFlight
    /// The key was used for another request.
    case otherRequest
}

struct KeptAnswer: Hashable, Sendable {
    let status: Int
    let body: [UInt8]
}
