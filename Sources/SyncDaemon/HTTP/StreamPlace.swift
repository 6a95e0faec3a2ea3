import Synchronization

/// A place among the streams, given back once however the stream ends.
final class StreamPlace: Sendable {
    private let capacity: CapacityGate
    private let held = Mutex(true)

    init(_ capacity: CapacityGate) { self.capacity = capacity }

    func leave() {
        let wasHeld = held.withLock { held in
            defer { held = false }
            return held
        }
        if wasHeld { capacity.leave(.stream) }
    }

    // An answer that is never written, because the connection broke, is only let go of.
    deinit { leave() }
}
