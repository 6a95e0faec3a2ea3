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
        sources = watched.map { number, name in
            // Ignored first, or the default action would still end the process.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(name) }
            source.activate()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
