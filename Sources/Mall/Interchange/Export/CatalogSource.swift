package import Commerce

/// Where an export comes from: entities with what is live of them, page by page.
package protocol CatalogSource: LiveUnits {
    /// Entities of one kind after a position, and the position to go on from, nil at the end.
    func page(
        _ kind: EntityKind, after position: Int64, limit: Int
    ) async throws(InterchangeError) -> (entities: [CatalogEntity], next: Int64?)

    /// The SKUs of each product.
    func skus(of products: [EntityID]) async throws(InterchangeError) -> [[CatalogEntity]]
}

/// An entity with its names and what is live of it.
package struct CatalogEntity: Sendable {
    package let ref: EntityRef
    package let aliases: [Alias]
    package var units: [UnitName: JSON]

    package init(ref: EntityRef, aliases: [Alias], units: [UnitName: JSON]) {
        self.ref = ref
        self.aliases = aliases
        self.units = units
    }

    var isDeleted: Bool { units[Units.life]?["state"] == "deleted" }

    /// The key the entity goes by in a file of this source, where it has one.
    func key(_ namespace: String, where matches: (String) -> Bool = { _ in true }) -> String? {
        aliases.first { $0.namespace == namespace && matches($0.key) }?.key
    }
}
