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
}

/// What is to be written of one entity.
package struct EntityWrite: Sendable {
    package let ref: EntityRef
    package let isNew: Bool
    /// Names to remember, none of which means anything yet.
    package let aliases: [Alias]
    /// In their normal form; nil deletes.
    package let units: [(name: UnitName, value: JSON?)]
}

package enum RecordOutcome: Sendable {
    case applied
    /// Nothing of the record was written.
    case refused(EntityRef, ValidationFailure)
}
