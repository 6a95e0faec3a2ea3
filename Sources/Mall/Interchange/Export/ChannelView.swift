package import Commerce

/// A catalog as one channel shows it: its own prices, its projection, what it hides left out.
package struct ChannelView: CatalogSource {
    private let whole: any CatalogSource
    private let channel: ChannelID
    private let projection: Projection
    private let takes: @Sendable (UnitName) -> Bool

    /// - Parameter takes: Whether the channel gets a unit at all.
    package init(
        of whole: any CatalogSource, channel: ChannelID, projection: Projection,
        takes: @escaping @Sendable (UnitName) -> Bool = { _ in true }
    ) {
        self.whole = whole
        self.channel = channel
        self.projection = projection
        self.takes = takes
    }

    package func page(
        _ kind: EntityKind, after position: Int64, limit: Int
    ) async throws(InterchangeError) -> (entities: [CatalogEntity], next: Int64?) {
        let page = try await whole.page(kind, after: position, limit: limit)
        return (page.entities.compactMap(shown), page.next)
    }

    package func skus(of products: [EntityID]) async throws(InterchangeError) -> [[CatalogEntity]] {
        try await whole.skus(of: products).map { $0.compactMap(shown) }
    }

    package func live(_ entities: [EntityRef]) async throws(InterchangeError) -> [[UnitName: JSON]?] {
        try await whole.live(entities).map { $0.map(projected) }
    }

    private func shown(_ entity: CatalogEntity) -> CatalogEntity? {
        var entity = entity
        entity.units = projected(entity.units)
        return entity.units[Units.named("visibility")]?["shown"] == false ? nil : entity
    }

    private func projected(_ units: [UnitName: JSON]) -> [UnitName: JSON] {
        var result: [UnitName: JSON] = [:]
        for name in units.keys.sorted() {
            guard let value = units[name], name.channel == nil || name.channel == channel, takes(name) else { continue }
            let plain = UnitName(String(name.text.prefix { $0 != "@" })) ?? name
            // A channel's own value sorts after the one it stands in for.
            result[plain] = projection.apply(to: value, unit: plain)
        }
        return result
    }
}
