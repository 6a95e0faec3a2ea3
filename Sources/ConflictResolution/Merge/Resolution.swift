package import Commerce

/// What a unit's concurrent versions amount to under its policy.
///
/// A pure function of the set of versions and of the history they share: whatever
/// order they arrived in, whoever computes it, the answer is the same. It makes no
/// write of its own; the versions stay until a later write has seen them all.
package struct Resolution: Hashable, Sendable {
    /// The value that is live; nil when the unit is deleted.
    package let live: JSON?
    /// Writes that did not make it into `live`, or not wholly, in the total order.
    package let overruled: [Dot]
    /// Why a person must decide; nil when the policy settled it.
    package let question: Question?

    package init(live: JSON?, overruled: [Dot] = [], question: Question? = nil) {
        self.live = live
        self.overruled = overruled
        self.question = question
    }

    package enum Question: String, Hashable, Sendable {
        /// A channel edited what the hub decides; its value waits for yes or no.
        case proposal
        /// Two authors changed the same words or the same member.
        case overlap
        /// The policy lets nobody but a person choose.
        case choice
        /// One author deleted what another edited.
        case deletion
        /// The merged value breaks the unit's own rules.
        case invalidMerge
    }
}

/// What the resolver may ask about a unit's past.
///
/// `versions(within:)` gives the writes still alive at a moment: every known write
/// the clock covers and no other such write had seen. It returns nil when that
/// past has been trimmed, and the resolver then claims less, not more.
package protocol UnitHistory {
    func versions(within clock: VectorClock) -> [Version<JSON?>]?
}

/// Whose write a version is, as far as authority goes.
package protocol Authority {
    func isHub(_ actor: Actor) -> Bool
}
