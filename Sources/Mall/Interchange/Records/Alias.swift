package import Commerce
import Store

/// A name an entity goes by outside: `shopify` `red-tee`, `sku` `TEE-1`.
package struct Alias: Hashable, Sendable, CustomStringConvertible {
    package let kind: EntityKind
    package let namespace: String
    package let key: String

    package init(_ kind: EntityKind, _ namespace: String, _ key: String) {
        self.kind = kind
        self.namespace = namespace
        self.key = key
    }

    package var description: String { "\(namespace) \(key)" }
}

extension Alias {
    /// Heyi's own ids, written into exports; resolved, never registered.
    package static let idNamespace = "id"
    /// SKU codes: one code names one SKU in the whole catalog.
    package static let codeNamespace = AliasNamespace.code
    /// The title of a brand, or the path of titles of a category.
    package static let titleNamespace = "title"

    /// Whether the store is to remember it.
    package var isRegistered: Bool { namespace != Alias.idNamespace }
}
