import Commerce
import Dispatch
import Foundation
import Glibc
import Synchronization

/// Reads the daemon again and again on a thread of its own, so that the screen answers its keys
/// while the daemon does not answer.
final class TopWatch: Sendable {
    struct State: Sendable {
        var readings: TopReadings?
        /// Why the last reading failed, and when the first of those in a row did.
        var silence: (reason: String, since: UInt64)?
        var isPaused = false
    }

    private let state = Mutex(State())
    private let client: SocketClient
    private let every: Duration
    private let wake = DispatchSemaphore(value: 0)
    private let news: @Sendable () -> Void

    /// - Parameter news: Called on that thread after each reading, well or not.
    init(_ client: SocketClient, every: Duration, news: @escaping @Sendable () -> Void) {
        self.client = client
        self.every = every
        self.news = news
    }

    var current: State { state.withLock { $0 } }

    /// The thread ends with the process: it may be waiting for a daemon that never answers.
    func start() { Thread.detachNewThread { self.run() } }

    func pause(_ paused: Bool) { state.withLock { $0.isPaused = paused } }
    func readNow() { wake.signal() }

    private func run() {
        while true {
            if !current.isPaused { read() }
            _ = wake.wait(timeout: .now() + .milliseconds(Int(every.milliseconds)))
        }
    }

    private func read() {
        do {
            let reading = try TopReading(client)
            state.withLock { state in
                state.readings = TopReadings(now: reading, before: state.readings?.now)
                state.silence = nil
            }
        } catch {
            let reason = TopWatch.words(error)
            let now = SystemTime().monotonicNanoseconds()
            state.withLock { $0.silence = (reason, $0.silence?.since ?? now) }
        }
        news()
    }

    static func words(_ error: any Error) -> String {
        switch error as? ClientError {
        case .unreachable(let path, let reason): "no daemon answers at \(path): \(reason)"
        case .forbidden(let path): "you may not use \(path): be root or in the group heyi"
        case .broken(let reason): "the daemon's answer broke off: \(reason)"
        case .refused(let status, _): "the daemon answers \(status)"
        case nil: "the daemon's answer cannot be read"
        }
    }
}
