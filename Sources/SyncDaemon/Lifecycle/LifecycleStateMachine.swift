/// What the daemon does about signals and about its own progress; decides, does nothing.
struct LifecycleStateMachine: Hashable, Sendable {
    enum State: String, CaseIterable, Sendable { case starting, running, reloading, draining, stopped }

    enum Signal: Hashable, Sendable { case hangup, terminate, interrupt }

    enum Action: Hashable, Sendable {
        case none
        case announceReady
        case reload
        case drain
        /// An end waits for what is under way, as long as a drain may take.
        case awaitEnd
        /// Leave at once with this code, whatever is in flight.
        case exitNow(Int32)
        case finish(Int32)
    }

    private(set) var state = State.starting
    /// A hangup or end that came at a moment it could not be served.
    private var reloadWanted = false
    private var drainWanted = false

    mutating func started() -> Action {
        precondition(state == .starting, "started twice")
        state = .running
        if drainWanted { return begin(.draining, .drain) }
        return .announceReady
    }

    mutating func received(_ signal: Signal) -> Action {
        switch (signal, state) {
        case (_, .stopped): return .none
        case (.hangup, .running): return begin(.reloading, .reload)
        case (.hangup, .starting), (.hangup, .reloading):
            reloadWanted = true
            return .none
        case (.hangup, .draining): return .none
        case (.terminate, .running), (.interrupt, .running): return begin(.draining, .drain)
        case (.terminate, .starting), (.interrupt, .starting), (.terminate, .reloading), (.interrupt, .reloading):
            // A start or reload is short and leaves things half done when cut; a second signal cuts it.
            if drainWanted { return exitNow(signal) }
            drainWanted = true
            return .awaitEnd
        case (.terminate, .draining), (.interrupt, .draining): return exitNow(signal)
        }
    }

    /// A reload ended, well or not; what came meanwhile is served.
    mutating func reloaded() -> Action {
        guard state == .reloading else { return .none }
        state = .running
        return served()
    }

    /// The daemon said it was ready; what came before is served.
    mutating func served() -> Action {
        guard state == .running else { return .none }
        if drainWanted { return begin(.draining, .drain) }
        if reloadWanted {
            reloadWanted = false
            return begin(.reloading, .reload)
        }
        return .none
    }

    /// A drain that is cut short leaves nothing behind that the store does not know.
    mutating func drained(inTime: Bool) -> Action {
        state = .stopped
        return inTime ? .finish(ExitStatus.ok.rawValue) : .exitNow(ExitStatus.tryLater.rawValue)
    }

    private mutating func begin(_ next: State, _ action: Action) -> Action {
        state = next
        return action
    }

    private mutating func exitNow(_ signal: Signal) -> Action {
        state = .stopped
        return .exitNow(signal == .interrupt ? 130 : 143)
    }
}
