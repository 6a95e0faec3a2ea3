package import Commerce
package import Store

/// The master record as an import writes it and an export reads it.
///
/// Each record is written in one transaction of its own, many of them share a commit;
/// the store itself leaves out what equals what is live, so writing twice is harmless.
package actor StoreCatalog {
    let store: Store
    let author: String
    /// SKUs by product, read once for an export: pairs of entity numbers, in order.
    var variants: [Variant]?

    struct Variant: Sendable {
        let product: Int64
        let sku: Int64
    }

    /// - Parameter author: who is said to have written, e.g. `import:spring.csv`.
    package init(_ store: Store, author: String) {
        self.store = store
        self.author = author
    }

    func read<T: Sendable>(
        _ body: @escaping @Sendable (Reading) throws(StoreError) -> T
    ) async throws(InterchangeError) -> T {
        do throws(StoreError) { return try await store.read(body) } catch { throw .store(error.description) }
    }
}

extension StoreCatalog: CatalogSink {
    package func resolve(_ aliases: [Alias]) async throws(InterchangeError) -> [EntityID?] {
        try await read { reading throws(StoreError) in
            var ids: [EntityID?] = []
            ids.reserveCapacity(aliases.count)
            for alias in aliases {
                if alias.isRegistered {
                    ids.append(try reading.entity(namespace: alias.namespace, kind: alias.kind, key: alias.key)?.id)
                } else if let id = EntityID(alias.key), try reading.entityNumber(EntityRef(alias.kind, id)) != nil {
                    ids.append(id)
                } else {
                    ids.append(nil)
                }
            }
            return ids
        }
    }

    package func live(_ entities: [EntityRef]) async throws(InterchangeError) -> [[UnitName: JSON]?] {
        try await read { reading throws(StoreError) in
            var result: [[UnitName: JSON]?] = []
            for entity in entities {
                let known = try reading.entityNumber(entity) != nil
                result.append(known ? try StoreCatalog.units(of: entity, reading) : nil)
            }
            return result
        }
    }

    package func apply(_ records: [RecordWrite]) async throws(InterchangeError) -> [RecordOutcome] {
        let author = self.author
        let store = self.store
        // All at once, so that they share one commit; each undoes itself alone.
        let outcomes = await withTaskGroup(of: (Int, Result<RecordOutcome, InterchangeError>).self) { group in
            for (index, record) in records.enumerated() {
                group.addTask { (index, await StoreCatalog.write(record, to: store, author: author)) }
            }
            var outcomes: [Int: Result<RecordOutcome, InterchangeError>] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
        var result: [RecordOutcome] = []
        for index in records.indices {
            guard let outcome = outcomes[index] else { throw .store("record \(index) of the batch got no answer") }
            result.append(try outcome.get())
        }
        return result
    }

    private static func write(
        _ record: RecordWrite, to store: Store, author: String
    ) async -> Result<RecordOutcome, InterchangeError> {
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                for entity in record.entities {
                    if entity.isNew { try writing.create(entity.ref) }
                    for alias in entity.aliases {
                        try writing.alias(entity.ref, namespace: alias.namespace, key: alias.key)
                    }
                    for unit in entity.units {
                        _ = try writing.apply(
                            UnitWrite(UnitRef(entity.ref, unit.name), unit.value, author: author, origin: .import))
                    }
                }
            }
            return .success(.applied)
        } catch {
            let ref = record.entities.last?.ref
            switch error {
            case .invalid(let failure):
                if let ref { return .success(.refused(ref, failure)) }
            case .contradiction(let reason):
                if let ref { return .success(.refused(ref, ValidationFailure(field: "", reason: reason))) }
            case .diskFull, .readOnly, .corrupt, .damagedBackup, .alreadyRunning, .newerSchema, .changedMigration, .notDurable,
                .notFound, .closed, .failed:
                break
            }
            return .failure(.store(error.description))
        }
    }

    static func units(of entity: EntityRef, _ reading: Reading) throws(StoreError) -> [UnitName: JSON] {
        var units: [UnitName: JSON] = [:]
        for change in try reading.heads(entity) { units[change.unit.unit] = try change.liveJSON() }
        return units
    }
}
