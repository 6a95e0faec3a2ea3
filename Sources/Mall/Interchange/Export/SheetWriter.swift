import Commerce

/// Writes products as one CSV dialect: looks at all of them first, for their columns.
protocol SheetWriter {
    /// Takes note of the columns a product needs.
    mutating func survey(_ sheet: ProductSheet)
    /// The header, once every product was surveyed.
    mutating func header() -> [String]
    func rows(_ sheet: ProductSheet) -> [[String]]
}

/// Columns that came from a foreign file, in the order of their names.
struct ExtraColumns: Sendable {
    private let reserved: Set<String>
    private var found: Set<String> = []

    init(reserved: [String]) { self.reserved = Set(reserved.map { $0.lowercased() }) }

    mutating func note(_ entity: CatalogEntity, _ unit: UnitName) {
        for name in entity.units[unit]?.object?.names ?? [] where !reserved.contains(name.lowercased()) {
            found.insert(name)
        }
    }

    /// Names that differ in case alone cannot both be columns; the first keeps its place.
    var names: [String] {
        var taken: Set<String> = []
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.filter { taken.insert($0.lowercased()).inserted }
    }
}
