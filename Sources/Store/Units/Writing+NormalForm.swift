import Commerce
import ConflictResolution

extension Writing {
    /// Writes a channel's value once more in the unit's normal form, so that every end,
    /// its author too, holds the same bytes.
    ///
    /// A channel that keeps clocks takes a value only with a write it has not seen, so
    /// this is one, by an actor without authority. It stands in for the write it spells
    /// out and for nothing else: same stamp, and whoever saw the one has seen the other
    /// (``withNormalForms``). Neither order, nor ties, nor who is asked come out differently.
    ///
    /// Each author has a scribe of his own, in each life of the hub: what two authors write
    /// side by side stands side by side, and one actor's writes never do.
    func normalise(
        after spelled: UnitOutcome.Applied, by author: Actor, _ stamp: Stamp, _ place: UnitPlace
    ) throws(StoreError) -> UnitOutcome.Applied {
        let scribe = ActorIdentity(
            role: .scribe, name: desk.directory.identity(of: author)?.name ?? desk.life.hub.name,
            incarnation: "\(desk.life.hub.incarnation).\(Writing.mark(of: author))")
        try introduce(scribe)
        return try decree(
            after: spelled, by: scribe, context: spelled.covered, stamp: stamp, prevailed: true,
            reason: "the channel spelled it in another way than the unit's normal form", place)
    }

    /// How a scribe's name says whose writes it spells out.
    private static func mark(of author: Actor) -> String { String(author.high, radix: 36) }

    /// Whether `scribe` spells out what `author` writes, in whichever life of the hub.
    func isScribe(_ scribe: Actor, of author: Actor) -> Bool {
        guard let identity = desk.directory.identity(of: scribe), identity.role == .scribe else { return false }
        return identity.incarnation.hasSuffix(".\(Writing.mark(of: author))")
    }

    /// Adds to what an author has seen the normal forms of what it has seen.
    ///
    /// Without this a channel that edits twice in a row would stand against its own first edit. Only the
    /// write that was spelled out decides, never the rest of its past: an author that was away and wrote
    /// three times has heard of none of its normal forms, which the third time are part of that past.
    func withNormalForms(
        _ seen: VectorClock, _ standing: Standing, _ place: UnitPlace
    ) throws(StoreError) -> VectorClock {
        var seen = seen
        for living in standing.state.living where !seen.covers(living.dot) {
            let scribe = living.dot.actor
            guard desk.directory.identity(of: scribe)?.role == .scribe else { continue }
            let context = try reading.change(living.sequence, entity: place.ref.entity).context
            // An author's writes are taken up in their order, and so a scribe's are in the order of what they
            // spell out: who has seen this one has seen those before it.
            guard let spelled = context.entries.first(where: { isScribe(scribe, of: $0.actor) }) else { continue }
            if seen[spelled.actor] >= spelled.count { seen.raise(scribe, to: living.dot.count) }
        }
        return seen
    }
}
