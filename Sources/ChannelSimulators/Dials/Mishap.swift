/// What goes wrong before a request is looked at.
enum Arrival: Hashable, Sendable {
    case welcome
    case closed
    case unavailable
    case throttled
    case failed
}

/// What goes wrong after a request has done its work.
enum Departure: Hashable, Sendable {
    case answered
    case failed
    case dropped
}

extension ShopSimulator {
    /// Rolls for the way in. The wait comes first, whatever happens then.
    func rollArrival() -> (wait: Duration, arrival: Arrival) {
        switch dials.dark {
        case .closed: return (.zero, .closed)
        case .unavailable: return (.zero, .unavailable)
        case .off: break
        }
        var wait = dials.latencyMillisecondsMin
        if dials.latencyMillisecondsMax > wait {
            wait = Int.random(in: wait...dials.latencyMillisecondsMax, using: &dice)
        }
        let arrival: Arrival =
            dice.falls(dials.throttle) ? .throttled : dice.falls(dials.failBefore) ? .failed : .welcome
        return (.milliseconds(wait), arrival)
    }

    func rollDeparture() -> Departure {
        dice.falls(dials.failAfter) ? .failed : dice.falls(dials.dropAfter) ? .dropped : .answered
    }
}
