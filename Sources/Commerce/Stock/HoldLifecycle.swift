/// What units held for somebody are to them.
package enum HoldState: String, CaseIterable, Sendable {
    /// Theirs until a time, or for as long as it is not known whether they have paid.
    case open
    /// Paid for.
    case claimed
    /// Given back.
    case released
    /// Given back because the time was over.
    case expired
}

/// What becomes of a hold, and when; the chart in `docs/stock.md` is compared with it.
package enum HoldLifecycle {
    package enum Event: String, CaseIterable, Sendable {
        /// More time.
        case extend
        /// A payment is under way and nobody knows its end.
        case doubt
        case claim
        case release
        case expire
    }

    package enum Answer: Hashable, Sendable {
        case becomes(HoldState)
        /// It has become that already: nothing to do, and nothing wrong.
        case already
        /// It cannot: what it is is said.
        case refused(HoldState)
    }

    /// - Parameters:
    ///   - inDoubt: whether it waits for a payment's end, and so has no time.
    ///   - isDue: whether its time is over, taken back by somebody or not.
    package static func answer(_ event: Event, in state: HoldState, inDoubt: Bool, isDue: Bool) -> Answer {
        switch (state, event) {
        case (.open, .expire): !inDoubt && isDue ? .becomes(.expired) : .refused(.open)
        // Its time is over at that instant, not when somebody sweeps.
        case (.open, .extend) where isDue, (.open, .doubt) where isDue, (.open, .claim) where isDue: .becomes(.expired)
        case (.open, .extend): .becomes(.open)
        case (.open, .doubt): inDoubt ? .already : .becomes(.open)
        case (.open, .claim): .becomes(.claimed)
        case (.open, .release): inDoubt ? .refused(.open) : .becomes(.released)
        case (.claimed, .claim), (.released, .release), (.expired, .expire), (.expired, .release), (.released, .expire): .already
        case (.claimed, _), (.released, _), (.expired, _): .refused(state)
        }
    }
}
