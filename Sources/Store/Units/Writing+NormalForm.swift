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
            incarnation: "\(desk.life.hub.incarnation).\(String(author.high, radix: 36))")
        try introduce(scribe)
        return try decree(
            after: spelled, by: scribe, context: spelled.covered, stamp: stamp, prevailed: true,
            reason: "the channel spelled it in another way than the unit's normal form", place)
    }

    /// Adds to what an author has seen the normal forms of what it has seen.
    ///
    /// Without this a channel that edits twice in a row would stand against its own first edit.
    func withNormalForms(
        _ seen: VectorClock, _ standing: Standing, _ place: UnitPlace
    ) throws(StoreError) -> VectorClock {
        var seen = seen
        var unseen: [Actor] = []
        for living in standing.state.living.sorted(by: { $0.dot < $1.dot }) {
            let actor = living.dot.actor
            guard desk.directory.identity(of: actor)?.role == .scribe, !seen.covers(living.dot) else { continue }
            let change = try reading.change(living.sequence, entity: place.ref.entity)
            // A clock counts without gaps: behind one it has not seen it can have seen none.
            if seen.covers(change.context), !unseen.contains(actor) {
                seen.raise(actor, to: living.dot.count)
            } else {
                unseen.append(actor)
            }
        }
        return seen
    }
}
