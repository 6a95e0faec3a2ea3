package import Commerce
package import ConflictResolution

extension Reading {
    /// A change by its sequence, if it is one of this unit's.
    package func change(at sequence: Int64, of unit: UnitRef) throws(StoreError) -> Change? {
        guard sequence > 0 else { return nil }
        let change = try self.change(sequence, entity: unit.entity)
        return change.unit == unit ? change : nil
    }

    /// What was live of a unit after a change.
    package func value(at sequence: Int64, of unit: UnitRef) throws(StoreError) -> JSON? {
        try change(at: sequence, of: unit)?.liveJSON()
    }

    /// What a holder of exactly this clock was given: the newest value no part of which is beyond it.
    package func base(of unit: UnitRef, at clock: VectorClock) throws(StoreError) -> JSON? {
        if clock.isEmpty { return nil }
        for change in try history(unit, limit: 100) where clock.covers(change.clock) {
            return try change.liveJSON()
        }
        return nil
    }
}

extension Writing {
    /// A fresh name from the injected source.
    package func newID() -> String { desk.surroundings.ids.next() }

    /// Makes an actor known, so that clocks may name it.
    package func introduce(_ identity: ActorIdentity) throws(StoreError) {
        _ = try perform { db in try desk.directory.intern(identity, db) }
    }

    package var now: Timestamp { desk.surroundings.time.now() }
}
