import Synchronization

/// What the doors found out about a request, for the log line written after it.
final class AccessTracker: Sendable {
    private let state = Mutex<(route: String, principal: Principal?)>(("none", nil))

    var seen: (route: String, principal: Principal?) { state.withLock { $0 } }

    func reached(_ route: Route) { state.withLock { $0.route = route.name } }
    func admitted(_ principal: Principal) { state.withLock { $0.principal = principal } }
}
