import NIOCore
import Synchronization

/// Tells every connection of one door that the daemon stops, and those that come later at once.
final class Farewell: Sendable {
    private struct State {
        var hasBegun = false
        var guests: [ObjectIdentifier: @Sendable () -> Void] = [:]
    }

    /// How long a connection that waits for its next request is left open, so that a request on its way still arrives.
    let patience: Duration
    private let state = Mutex(State())

    init(patience: Duration) { self.patience = patience }

    /// Has `tell` called once, from any thread, when the farewell begins.
    func join(_ guest: ObjectIdentifier, _ tell: @escaping @Sendable () -> Void) {
        let late = state.withLock { state in
            if !state.hasBegun { state.guests[guest] = tell }
            return state.hasBegun
        }
        if late { tell() }
    }

    func leave(_ guest: ObjectIdentifier) { state.withLock { _ = $0.guests.removeValue(forKey: guest) } }

    func begin() {
        let guests = state.withLock { state in
            defer { state.guests = [:] }
            state.hasBegun = true
            return state.guests.values.map(\.self)
        }
        for tell in guests { tell() }
    }
}
