package import Commerce

/// Where an import goes: names to ids, what is live, and writes record by record.
package protocol CatalogSink: LiveUnits {
    /// The entity each alias means, nil for none. An alias of ``Alias/idNamespace`` means
    /// the entity with that id.
    func resolve(_ aliases: [Alias]) async throws(InterchangeError) -> [EntityID?]

    /// Writes each record as a whole or not at all, and says which.
    ///
    /// Durable when it returns. A record that is refused leaves the others alone.
    func apply(_ records: [RecordWrite]) async throws(InterchangeError) -> [RecordOutcome]
}

/// The units of one record that differ from what is live.
package struct RecordWrite: Sendable {
    package let line: Int
    package let entities: [EntityWrite]

    package init(line: Int, entities: [EntityWrite]) {
        self.line = line
        self.entities = entities
    }
}

/// What is to be written of one entity.
package struct EntityWrite: Sendable {
    package let ref: EntityRef
    package let isNew: Bool
    /// Names to remember, none of which means anything yet.
    package let aliases: [Alias]
    package let units: [UnitWanted]

    package init(ref: EntityRef, isNew: Bool, aliases: [Alias], units: [UnitWanted]) {
        self.ref = ref
        self.isNew = isNew
        self.aliases = aliases
        self.units = units
    }
}

/// A unit's new value, and the one it was worked out from.
package struct UnitWanted: Sendable {
    package let name: UnitName
    /// In its normal form; nil deletes.
    package let value: JSON?
    /// What was live when the record was planned. When something else is by now, the
    /// record is refused: files amend values, and must not amend what they have not seen.
    package let basis: JSON?

    package init(name: UnitName, value: JSON?, basis: JSON?) {
        self.name = name
        self.value = value
        self.basis = basis
    }
}

package enum RecordOutcome: Sendable {
    case applied
    /// Nothing of the record was written.
    case refused(EntityRef, ValidationFailure)
}
