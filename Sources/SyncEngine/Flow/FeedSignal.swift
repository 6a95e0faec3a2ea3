package import Commerce

/// Wakes whoever waits for the feed to move or for somebody's call.
///
/// Read `value`, look at the store, and if there is nothing to do wait beyond that
/// value: a bump in between is never missed, because bumps are counted.
package final class FeedSignal: Sendable {
    private struct State: Sendable {
        var value: Int64 = 0
        var nextID: UInt64 = 0
        var waiters: [(id: UInt64, beyond: Int64, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Guarded(State())
    private let time: any TimeSource

    package init(time: any TimeSource) { self.time = time }

    package var value: Int64 { state.value.value }

    /// Counts one more thing to look at, and wakes everybody who waits.
    package func bump() {
        let woken = state.update { state in
            state.value += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Returns once there were bumps beyond `seen`, or after `timeout`, or when cancelled.
    package func wait(beyond seen: Int64, timeout: Duration) async {
        if value > seen || timeout <= .zero { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.park(beyond: seen) }
            group.addTask {
                // Cancelled means the signal came first; there is nothing to report.
                do { try await self.time.sleep(for: timeout) } catch { return }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func park(beyond seen: Int64) async {
        let id = state.update { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.update { state in
                    if state.value > seen || Task.isCancelled { return true }
                    state.waiters.append((id, seen, continuation))
                    return false
                }
                if ready { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.update { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}
