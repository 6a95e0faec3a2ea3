package import Commerce

/// What one row, or one group of rows, of a file wants the catalog to say.
///
/// Applied as a whole or not at all: a product with its SKUs, a lone SKU, a category.
package struct CatalogRecord: Sendable {
    package let line: Int
    /// Where the record ends in the file, in bytes; a checkpoint may stand here.
    package let end: Int
    package var entities: [DesiredEntity]

    package init(line: Int, end: Int, entities: [DesiredEntity]) {
        self.line = line
        self.end = end
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
    /// Categories and brands that rows merely mention are made when missing, never rewritten.
    package var onlyIfMissing = false
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
