import ChannelAdapters
import Commerce

/// The callbacks a platform still owes its merchants, told again and again by its schedule until it hears its word for success.
///
/// A value that a simulator keeps beside its books, under the same lock.
struct CallbackQueue: Sendable {
    /// The waits before the second and each later try; after the last it is given up.
    let schedule: [Duration]
    private struct Waiting: Sendable {
        let make: @Sendable (Timestamp) -> HTTPRequest
        var due: Timestamp
        var tries = 0
        var isOut = false
        var isHeld: Bool
        let repeats: Bool
    }
    private var waiting: [Int64: Waiting] = [:]
    private var last: Int64 = 0
    private(set) var delivered = 0
    private(set) var givenUp = 0

    init(schedule: [Duration]) { self.schedule = schedule }

    /// - Parameters:
    ///   - make: makes the request anew for each try: some platforms sign each by itself.
    ///   - isHeld: keeps it back until ``release(at:)``.
    mutating func add(due: Timestamp, repeats: Bool = true, isHeld: Bool = false, _ make: @escaping @Sendable (Timestamp) -> HTTPRequest) {
        last += 1
        waiting[last] = Waiting(make: make, due: due, isHeld: isHeld, repeats: repeats)
    }

    mutating func take(at now: Timestamp) -> [SimulatedCallback] {
        let due = waiting.filter { !$0.value.isOut && !$0.value.isHeld && $0.value.due <= now }.sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }
        return due.map { id, callback in
            waiting[id]?.isOut = true
            return SimulatedCallback(id: id, request: callback.make(now))
        }
    }

    mutating func answered(_ id: Int64, wasSuccess: Bool, at now: Timestamp) {
        guard var callback = waiting[id] else { return }
        callback.tries += 1
        callback.isOut = false
        if wasSuccess || !callback.repeats || callback.tries > schedule.count {
            waiting[id] = nil
            if wasSuccess { delivered += 1 } else { givenUp += 1 }
            return
        }
        callback.due = now + schedule[callback.tries - 1]
        waiting[id] = callback
    }

    /// Tells all that waits now: what was kept back, and what was to come again later.
    mutating func release(at now: Timestamp) {
        for (id, callback) in waiting where !callback.isOut {
            waiting[id]?.isHeld = false
            waiting[id]?.due = now
        }
    }

    /// When the next is due; nil when none waits.
    var nextDue: Timestamp? { waiting.values.filter { !$0.isOut && !$0.isHeld }.map(\.due).min() }
    var count: Int { waiting.count }
}
