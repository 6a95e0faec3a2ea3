package import Commerce
package import ConflictResolution

/// One write to one unit, as it is offered to the store.
package struct UnitWrite: Sendable {
    /// Whose write it is, and what its author had seen.
    package enum Causality: Sendable {
        /// The hub writes, having seen everything: an import, a job, an operator's decision.
        case hub
        /// The hub writes for a person who had read `seen`. When the unit has moved on
        /// since, the write is refused as stale, or kept beside the rest if `keepBoth`.
        case hubHaving(seen: VectorClock, keepBoth: Bool)
        /// A channel wrote, having seen `seen`; the hub counts for it.
        case observed(Actor, seen: VectorClock)
        /// An author that counts for itself.
        case counted(Dot, seen: VectorClock)
    }

    package let unit: UnitRef
    /// nil deletes the unit.
    package let value: JSON?
    package let causality: Causality
    /// When the author wrote, if it says so; the hub's own stamp otherwise.
    package let stamp: Stamp?
    /// Who, for people: `import`, `operator:uid=0`, `channel:web`.
    package let author: String
    package let origin: Origin
    package let reason: String?
    /// Whether its author, not the hub, decides this family of units.
    package let asOwner: Bool
    /// Whether `value` went through its unit's check already and is what came out of it.
    package let isNormal: Bool

    /// By which door a change came in.
    package enum Origin: String, Sendable { case api, `import`, channel, resolution, policy }

    package init(
        _ unit: UnitRef, _ value: JSON?, causality: Causality = .hub, stamp: Stamp? = nil, author: String,
        origin: Origin, reason: String? = nil, asOwner: Bool = false, isNormal: Bool = false
    ) {
        self.unit = unit
        self.value = value
        self.causality = causality
        self.stamp = stamp
        self.author = author
        self.origin = origin
        self.reason = reason
        self.asOwner = asOwner
        self.isNormal = isNormal
    }
}

/// What became of a write. A conflict is an answer, not an error.
package enum UnitOutcome: Sendable {
    /// Accepted and in the feed.
    case applied(Applied)
    /// The hub's own write equals what is live and nothing stands beside it: nothing written.
    case unchanged
    /// This very write was accepted before.
    case known(VectorClock)
    /// The unit has moved on since its author read it; here is what is live now.
    case stale(live: JSON?, clock: VectorClock)

    package struct Applied: Sendable {
        /// The unit's newest change now.
        package let sequence: Int64
        /// The author's own change; an earlier one when the hub had to say its value again.
        package let written: Int64
        /// What is live now.
        package let live: JSON?
        /// All that is known of the unit now.
        package let clock: VectorClock
        /// Whether the author's value is what became live.
        package let prevailed: Bool
        package let question: Resolution.Question?
        /// The context as it was taken up, the write's own dot included.
        package let covered: VectorClock
    }
}
