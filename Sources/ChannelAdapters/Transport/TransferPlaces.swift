import Dispatch

/// Places for transfers that curl knows of; whoever finds none waits its turn outside of curl.
///
/// curl looks at every waiting transfer whenever one ends, and each costs it tens of kilobytes: ten thousand
/// channels that ask at once would keep it from ever getting anywhere.
struct TransferPlaces {
    private let most: Int
    private var taken = 0
    private var order: [UInt64] = []
    private var first = 0
    private var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    private var lastID: UInt64 = 0

    init(_ most: Int) { self.most = max(1, most) }

    mutating func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// - Returns: false when one has to wait.
    mutating func take() -> Bool {
        guard taken < most else { return false }
        taken += 1
        return true
    }

    mutating func wait(_ id: UInt64, _ continuation: CheckedContinuation<Bool, Never>) {
        waiting[id] = continuation
        order.append(id)
    }

    /// Gives a place back; it goes to whoever has waited longest.
    mutating func leave() {
        while first < order.count {
            let id = order[first]
            first += 1
            if let continuation = waiting.removeValue(forKey: id) {
                continuation.resume(returning: true)
                tidy()
                return
            }
        }
        tidy()
        taken -= 1
    }

    /// Sends one who waits away; harmless when it has its place already.
    mutating func dismiss(_ id: UInt64) { waiting.removeValue(forKey: id)?.resume(returning: false) }

    mutating func dismissAll() {
        for id in order[first...] { dismiss(id) }
        (order, first) = ([], 0)
    }

    private mutating func tidy() {
        guard first > 1_024, first * 2 > order.count else { return }
        order.removeFirst(first)
        first = 0
    }
}

extension CurlTransport {
    /// Waits for a place among the transfers; the request's own time has not begun yet.
    func takePlace() async throws(TransportError) {
        if places.take() { return }
        let id = places.nextID()
        let isGiven = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume(returning: false) } else { places.wait(id, continuation) }
            }
        } onCancel: {
            executor.queue.async { self.assumeIsolated { $0.places.dismiss(id) } }
        }
        guard isGiven else {
            if Task.isCancelled { throw .cancelled }
            throw .unreachable(reason: "this transport is shut down")
        }
    }
}
