package import Commerce

/// Reads what is live of any entity.
package protocol LiveUnits: Sendable {
    /// The live units of each entity, nil for one that does not exist.
    func live(_ entities: [EntityRef]) async throws(InterchangeError) -> [[UnitName: JSON]?]
}
