import Commerce
import SyncEngine

/// Knows when progress was last seen, and keeps looking without ever waiting for it.
///
/// What has got stuck may never answer, so whoever feeds the watchdog must not wait for
/// the answer: a look starts in a task of its own, and none is started beside one
/// that is still out.
struct ProgressProbe {
    private struct State: Sendable {
        var isOut = false
        var seenNanoseconds: UInt64
    }

    private let within: Duration
    private let time: any TimeSource
    private let makesProgress: @Sendable () async -> Bool
    private let state: Guarded<State>

    init(within: Duration, time: any TimeSource, makesProgress: @escaping @Sendable () async -> Bool) {
        self.within = within
        self.time = time
        self.makesProgress = makesProgress
        state = Guarded(State(seenNanoseconds: time.monotonicNanoseconds()))
    }

    var isOut: Bool { state.value.isOut }

    /// Whether there was progress within the time allowed; starts the next look.
    func look() -> Bool {
        let now = time.monotonicNanoseconds()
        let (start, seen) = state.update { state in
            defer { state.isOut = true }
            return (!state.isOut, state.seenNanoseconds)
        }
        if start {
            let (state, time, makesProgress) = (self.state, self.time, self.makesProgress)
            Task {
                let progress = await makesProgress()
                let now = time.monotonicNanoseconds()
                state.update { state in
                    state.isOut = false
                    if progress { state.seenNanoseconds = now }
                }
            }
        }
        return now < seen || now - seen <= UInt64(within.milliseconds) * 1_000_000
    }
}
