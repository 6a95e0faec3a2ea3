package import Commerce

/// Whether calls to a channel are let through.
package enum BreakerState: String, Sendable { case closed, open, halfOpen = "half-open" }

/// Stops calling a channel that mostly fails, and finds out gently when it is back.
///
/// Opens when, within five minutes, at least ten calls were made and half of them
/// failed; stays open for 30 s, then lets one probe through; each failed probe
/// doubles the wait up to 15 minutes, with jitter, one that goes well ends the doubling;
/// three successes in a row close it.
/// Only failures of the channel count, never our own limits.
package struct Breaker: Sendable {
    private static let window: Duration = .seconds(300)
    private static let callsMin = 10
    private static let openFirst: Duration = .seconds(30)
    private static let openMax: Duration = .seconds(900)
    private static let successesToClose = 3

    package private(set) var state: BreakerState = .closed
    package private(set) var openUntil: Timestamp?
    private var wait = openFirst
    private var calls: [(at: Timestamp, failed: Bool)] = []
    private var probes = 0

    package init() {}

    /// Whether a call may be made now. In the half-open state callers make one call at a time.
    package mutating func allows(at now: Timestamp) -> Bool {
        guard state == .open else { return true }
        // A wait longer than any we make comes from a clock that was set back.
        guard let openUntil, now >= openUntil || openUntil - now > Breaker.openMax * 2 else { return false }
        state = .halfOpen
        probes = 0
        return true
    }

    package mutating func succeeded(at now: Timestamp) {
        switch state {
        case .closed: note(now, failed: false)
        case .halfOpen:
            probes += 1
            // It is there again: what fails from now on is no reason to stay away as long as while it was not.
            wait = Breaker.openFirst
            guard probes >= Breaker.successesToClose else { return }
            self = Breaker()
        case .open: break
        }
    }

    package mutating func failed(at now: Timestamp, random: any RandomSource) {
        switch state {
        case .closed:
            note(now, failed: true)
            guard calls.count >= Breaker.callsMin, calls.count(where: \.failed) * 2 >= calls.count else { return }
            open(now, random)
        case .halfOpen:
            wait = min(wait * 2, Breaker.openMax)
            open(now, random)
        case .open: break
        }
    }

    private mutating func note(_ now: Timestamp, failed: Bool) {
        calls.removeAll { now - $0.at > Breaker.window || $0.at > now }
        // What lies beyond a few hundred calls changes no ratio worth acting on.
        if calls.count >= 500 { calls.removeFirst() }
        calls.append((now, failed))
    }

    private mutating func open(_ now: Timestamp, _ random: any RandomSource) {
        state = .open
        calls = []
        let jitter = Duration.milliseconds(Int64(random.next() % UInt64(max(1, wait.milliseconds / 4))))
        openUntil = now + wait + jitter
    }
}
