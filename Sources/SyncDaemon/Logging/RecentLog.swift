import Synchronization

/// The newest lines of the log in memory, for `heyi log`; older ones are forgotten.
///
/// A follower that reads too slowly loses its oldest waiting lines, never slows the
/// writer down, and sees the gap in the numbers.
final class RecentLog: Sendable {
    /// A line with its place in the log of this run, counted from 1.
    struct Entry: Hashable, Sendable {
        let number: Int
        let line: LogLine
    }

    private struct State {
        var entries: [Entry] = []
        var next = 1
        var followers: [Int: AsyncStream<Entry>.Continuation] = [:]
        var nextFollower = 0
    }

    private let linesMax: Int
    private let state = Mutex(State())

    init(linesMax: Int) { self.linesMax = max(1, linesMax) }

    func append(_ line: LogLine) {
        state.withLock { state in
            let entry = Entry(number: state.next, line: line)
            state.next += 1
            state.entries.append(entry)
            // Cutting only now and then keeps the cost of a line constant.
            if state.entries.count >= linesMax * 2 { state.entries.removeFirst(state.entries.count - linesMax) }
            for follower in state.followers.values { follower.yield(entry) }
        }
    }

    /// The lines after a number, oldest first, at most `limit` of the newest.
    func entries(after number: Int = 0, limit: Int = .max) -> [Entry] {
        state.withLock { state in
            Array(state.entries.suffix(linesMax).filter { $0.number > number }.suffix(limit))
        }
    }

    /// The lines after a number and then every new one until the reader stops.
    func follow(after number: Int = 0) -> AsyncStream<Entry> {
        let (stream, continuation) = AsyncStream.makeStream(of: Entry.self, bufferingPolicy: .bufferingNewest(linesMax))
        state.withLock { state in
            for entry in state.entries.suffix(linesMax) where entry.number > number { continuation.yield(entry) }
            let follower = state.nextFollower
            state.nextFollower += 1
            state.followers[follower] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { _ = $0.followers.removeValue(forKey: follower) }
            }
        }
        return stream
    }

    /// Ends every follower, so that none keeps a stopping daemon alive.
    func close() {
        let followers = state.withLock { state in
            defer { state.followers = [:] }
            return Array(state.followers.values)
        }
        for follower in followers { follower.finish() }
    }
}
