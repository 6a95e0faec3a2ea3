import Commerce
import GRDB

/// Namespaces of aliases that the store keeps by itself.
package enum AliasNamespace {
    /// SKU codes: one code names one SKU in the whole catalog.
    package static let code = "sku"
}

extension Writing {
    /// Lets a SKU be found by the code that is live now and by none it had before, whoever wrote it.
    ///
    /// A code that names another SKU stays that one's: a channel's edit cannot be refused for it.
    func followCode(_ live: JSON?, _ place: UnitPlace) throws(StoreError) {
        guard place.ref.entity.kind == .sku, place.ref.unit.text == "identity" else { return }
        let code = live?["code"]?.string ?? ""
        try perform { db in
            try db.cachedStatement(sql: "DELETE FROM alias WHERE entity = ? AND namespace = ? AND key <> ?").execute(
                arguments: [place.entity, AliasNamespace.code, code])
            if code.isEmpty { return }
            try db.cachedStatement(
                sql: "INSERT INTO alias (namespace, kind, key, entity) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ).execute(arguments: [AliasNamespace.code, EntityKind.sku.rawValue, code, place.entity])
        }
    }
}
