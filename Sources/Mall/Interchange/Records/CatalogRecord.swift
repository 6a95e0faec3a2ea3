package import Commerce

/// What one row, or one group of rows, of a file wants the catalog to say.
///
/// Applied as a whole or not at all: a product with its SKUs, a lone SKU, a category.
package struct CatalogRecord: Sendable {
    package let line: Int
    package var entities: [DesiredEntity]

    package init(line: Int, entities: [DesiredEntity]) {
        self.line = line
        self.entities = entities
    }
}

/// One entity as the file wants it: only what the file speaks about.
package struct DesiredEntity: Sendable {
    package let kind: EntityKind
    package let line: Int
    /// The id itself where the file knows it, as Heyi's own JSON Lines do.
    package var id: EntityID?
    /// Names the entity goes by, the surest first. The first that is known decides.
    package var aliases: [Alias]
    package var changes: [(unit: UnitName, change: UnitChange)] = []
    package var links: [Link] = []
    /// The column each unit's member came from, to name it when its value is refused.
    package var columns: [ColumnKey: String] = [:]

    package struct ColumnKey: Hashable, Sendable {
        package let unit: UnitName
        package let member: String
    }

    package init(kind: EntityKind, line: Int, aliases: [Alias]) {
        self.kind = kind
        self.line = line
        self.aliases = aliases
    }
}
