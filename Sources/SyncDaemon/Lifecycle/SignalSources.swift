import Dispatch
import Glibc

/// The signals a daemon is steered by, as Dispatch sources.
///
/// From its creation on, HUP, TERM and INT no longer end the process but are handed
/// on; PIPE is ignored, because a peer that hangs up is an error of a write, not ours.
final class SignalSources: @unchecked Sendable {
    // `sources` is set once; a Dispatch source may be cancelled from any thread.
    /// Signals in the order received.
    let signals: AsyncStream<LifecycleStateMachine.Signal>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: LifecycleStateMachine.Signal.self)
        signals = stream
        signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "heyi.signals")
        let watched: [(Int32, LifecycleStateMachine.Signal)] = [
            (SIGHUP, .hangup), (SIGTERM, .terminate), (SIGINT, .interrupt),
        ]
        let registered = DispatchGroup()
        sources = watched.map { number, name in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            registered.enter()
            source.setRegistrationHandler { registered.leave() }
            source.setEventHandler { continuation.yield(name) }
            // Not ignored with SIG_IGN as on other systems: Linux would drop the signal before Dispatch sees it.
            source.activate()
            return source
        }
        // A signal that came before the sources stand would still end the process.
        registered.wait()
    }

    deinit { for source in sources { source.cancel() } }
}
