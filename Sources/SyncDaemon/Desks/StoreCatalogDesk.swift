import Commerce
import ConflictResolution
import Mall
import Store
import SyncEngine

/// Reads and edits the master record on the store, and moves it in and out by the file.
struct StoreCatalogDesk: CatalogDesk {
    let store: Store
    let engine: Engine
    /// Where mappings lie: a mapping `erp` is the file `erp.json` in it.
    let mappingsDirectory: String
    /// One cell of an imported CSV.
    var cellBytesMax = 1 << 20
    /// The language of a CSV's texts and the currency of its prices, where nothing else is said.
    var usual = (locale: "zh-CN", currency: "CNY")

    func entity(_ ref: EntityRef) async throws(DeskError) -> EntityReport {
        let report = try await store.consult { reading throws(StoreError) -> EntityReport? in
            guard try reading.entityNumber(ref) != nil else { return nil }
            return try EntityReport(ref, reading)
        }
        guard let report else { throw .notFound(ref.description) }
        return report
    }

    func create(
        _ ref: EntityRef, units: [(unit: UnitName, value: JSON)], by principal: Principal
    ) async throws(DeskError) -> EntityReport {
        var wanted = units
        if !wanted.contains(where: { $0.unit == .life }) { wanted.insert((.life, ["state": "live"]), at: 0) }
        let written = wanted
        return try await store.change { writing throws(StoreError) in
            guard try writing.create(ref) else {
                return .failure(.contradiction("\(ref) exists; edit its units, or choose another id"))
            }
            for (unit, value) in written {
                try StoreCatalogDesk.apply(
                    UnitWrite(UnitRef(ref, unit), value, author: principal.name, origin: .api), writing)
            }
            return .success(try EntityReport(ref, writing.reading))
        }
    }

    func edit(
        _ ref: UnitRef, value: JSON?, expecting tag: String?, by principal: Principal
    ) async throws(DeskError) -> EntityReport {
        try await store.change { writing throws(StoreError) in
            let reading = writing.reading
            guard try reading.entityNumber(ref.entity) != nil else { return .failure(.notFound(ref.entity.description)) }
            var causality = UnitWrite.Causality.hub
            if let tag {
                let held = try EntityReport(ref.entity, reading)
                let clock = try reading.view(ref)?.clock ?? VectorClock()
                guard tag == held.tag || tag == EntityReport.tag(of: reading.token(of: clock)) else {
                    return .failure(.stale(current: held))
                }
                causality = .hubHaving(seen: clock, keepBoth: false)
            }
            let write = UnitWrite(ref, value, causality: causality, author: principal.name, origin: .api)
            try StoreCatalogDesk.apply(write, writing)
            return .success(try EntityReport(ref.entity, reading))
        }
    }

    func delete(_ ref: EntityRef, expecting tag: String?, by principal: Principal) async throws(DeskError) {
        try await store.change { writing throws(StoreError) -> Result<Void, DeskError> in
            guard try writing.reading.entityNumber(ref) != nil else { return .failure(.notFound(ref.description)) }
            let held = try EntityReport(ref, writing.reading)
            if let tag, tag != held.tag { return .failure(.stale(current: held)) }
            try StoreCatalogDesk.apply(
                UnitWrite(UnitRef(ref, .life), ["state": "deleted"], author: principal.name, origin: .api), writing)
            return .success(())
        }
    }

    /// Writes a unit; a SKU's code that names another SKU is refused.
    private static func apply(_ write: UnitWrite, _ writing: Writing) throws(StoreError) {
        _ = try writing.apply(write)
        guard write.unit.entity.kind == .sku, write.unit.unit.family == "identity",
            let code = try writing.reading.live(write.unit)?["code"]?.string, !code.isEmpty
        else { return }
        try writing.alias(write.unit.entity, namespace: Alias.codeNamespace, key: code)
    }
}
