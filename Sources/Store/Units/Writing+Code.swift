import Commerce

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
            try db.run("DELETE FROM alias WHERE entity = ? AND namespace = ? AND key <> ?") { parameters in
                parameters.set(1, place.entity)
                parameters.set(2, AliasNamespace.code)
                parameters.set(3, code)
            }
            if code.isEmpty { return }
            try db.run(
                "INSERT INTO alias (namespace, kind, key, entity) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
            ) { row in
                row.set(1, AliasNamespace.code)
                row.set(2, EntityKind.sku.rawValue)
                row.set(3, code)
                row.set(4, place.entity)
            }
        }
    }
}
