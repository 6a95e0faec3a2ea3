import Synchronization

/// Wakes whoever waits for something newer.
///
/// Carries no content: a waiter reads the record again after it wakes, so a missed or
/// doubled ring costs a read and nothing else. Ring it from any thread, such as the
/// store's commit notice.
final class NewsSignal: Sendable {
    private struct State {
        var count: UInt64 = 0
        var nextID: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often it rang. Read it *before* reading the record, then wait past it.
    var count: UInt64 { state.withLock { $0.count } }

    func ring() {
        let waiting = state.withLock { state in
            state.count += 1
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Returns as soon as it has rung more than `count` times, or the task is cancelled.
    func wait(past count: UInt64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answered = state.withLock { state in
                    // Cancellation may already have run its handler: then nobody else would wake us.
                    guard state.count <= count, !Task.isCancelled else { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if answered { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: id) }
            continuation?.resume()
        }
    }
}
