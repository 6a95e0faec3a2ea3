/// The port the system gave, for those who wait to know it.
actor BoundPort {
    private var outcome: Result<Int, any Error>?
    private var waiting: [CheckedContinuation<Int, any Error>] = []

    /// Only the first outcome counts.
    func settle(_ result: Result<Int, any Error>) {
        guard outcome == nil else { return }
        outcome = result
        for continuation in waiting { continuation.resume(with: result) }
        waiting = []
    }

    func value() async throws -> Int {
        if let outcome { return try outcome.get() }
        return try await withCheckedThrowingContinuation { waiting.append($0) }
    }
}
