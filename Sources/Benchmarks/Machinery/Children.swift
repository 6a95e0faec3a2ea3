import Dispatch
import Foundation
import Synchronization

/// The processes a run has started, so that none outlives it when it is broken off.
final class Children: Sendable {
    static let shared = Children()

    private let running = Mutex<Set<Int32>>([])

    func add(_ id: Int32) { running.withLock { _ = $0.insert(id) } }
    func remove(_ id: Int32) { running.withLock { _ = $0.remove(id) } }

    /// Until the sources are given up, a signal that ends us ends them first, and removes `directory`.
    func followSignals(removing directory: String) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            // A handler rather than SIG_IGN, which programs started later would inherit.
            signal(number) { _ in }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                for id in self.running.withLock({ $0.sorted() }) { kill(id, SIGKILL) }
                Scratch.remove(directory)
                exit(128 + number)
            }
            source.resume()
            return source
        }
    }
}
