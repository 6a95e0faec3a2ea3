import Commerce

/// Waits for an answer no longer than it is worth.
enum Patience {
    /// - Returns: nil when `body` had not ended in time; it is cancelled then, and not waited for.
    static func answer<Answer: Sendable>(
        within limit: Duration, _ time: any TimeSource, _ body: @escaping @Sendable () async -> Answer
    ) async -> Answer? {
        let (answers, tell) = AsyncStream.makeStream(of: Answer?.self)
        let work = Task { tell.yield(await body()) }
        let alarm = Task {
            do { try await time.sleep(for: limit) } catch { return }
            tell.yield(nil)
        }
        defer {
            work.cancel()
            alarm.cancel()
        }
        var iterator = answers.makeAsyncIterator()
        return await iterator.next() ?? nil
    }
}
