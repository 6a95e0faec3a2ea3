/// An id that can only name an entity of one kind.
package struct CatalogID<Kind: CatalogKind>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let id: EntityID

    package init(_ id: EntityID) { self.id = id }

    /// - Returns: nil when the text is no ``EntityID``.
    package init?(_ text: String) {
        guard let id = EntityID(text) else { return nil }
        self.init(id)
    }

    /// - Returns: nil when the reference is to another kind of entity.
    package init?(_ ref: EntityRef) {
        guard ref.kind == Kind.kind else { return nil }
        self.init(ref.id)
    }

    package var ref: EntityRef { EntityRef(Kind.kind, id) }
    package var description: String { id.text }
    package static func < (left: CatalogID, right: CatalogID) -> Bool { left.id < right.id }
}

/// The kind a ``CatalogID`` names, known to the compiler.
package protocol CatalogKind: Sendable {
    static var kind: EntityKind { get }
}

package enum ProductKind: CatalogKind { package static let kind = EntityKind.product }
package enum SKUKind: CatalogKind { package static let kind = EntityKind.sku }
package enum CategoryKind: CatalogKind { package static let kind = EntityKind.category }
package enum BrandKind: CatalogKind { package static let kind = EntityKind.brand }
package enum TagKind: CatalogKind { package static let kind = EntityKind.tag }

package typealias ProductID = CatalogID<ProductKind>
package typealias SKUID = CatalogID<SKUKind>
package typealias CategoryID = CatalogID<CategoryKind>
package typealias BrandID = CatalogID<BrandKind>
package typealias TagID = CatalogID<TagKind>
