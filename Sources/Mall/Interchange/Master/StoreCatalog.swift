package import Commerce
package import Store

/// The master record as an import writes it and an export reads it.
///
/// Each record is written as a whole or not at all, many of them in one commit; the
/// store itself leaves out what equals what is live, so writing twice is harmless.
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

    /// In common transactions, each record undone alone when it is refused.
    package func apply(_ records: [RecordWrite]) async throws(InterchangeError) -> [RecordOutcome] {
        let author = self.author
        let results = await store.writeEach(records) { writing, record throws(StoreError) in
            try StoreCatalog.write(record, writing, author: author)
        }
        var outcomes: [RecordOutcome] = []
        for (record, result) in zip(records, results) {
            switch result {
            case .success: outcomes.append(.applied)
            case .failure(let error):
                guard let failure = StoreCatalog.refusal(error), let ref = record.entities.first?.ref else {
                    throw .store(error.description)
                }
                outcomes.append(.refused(ref, failure))
            }
        }
        return outcomes
    }

    private static func write(_ record: RecordWrite, _ writing: Writing, author: String) throws(StoreError) {
        for entity in record.entities {
            // Of an entity made here nothing is live: there is nothing to have been edited meanwhile.
            let isMade = entity.isNew ? try writing.create(entity.ref) : false
            for alias in entity.aliases { try writing.alias(entity.ref, namespace: alias.namespace, key: alias.key) }
            for wanted in entity.units {
                let unit = UnitRef(entity.ref, wanted.name)
                let live = isMade ? nil : try writing.reading.live(unit)
                guard live == wanted.basis else {
                    throw .contradiction("\(unit) was edited while the import ran; import the file again")
                }
                _ = try writing.apply(UnitWrite(unit, wanted.value, author: author, origin: .import, isNormal: true))
            }
        }
    }

    /// What a record is refused for; nil when the store itself is in trouble.
    private static func refusal(_ error: StoreError) -> ValidationFailure? {
        switch error {
        case .invalid(let failure): failure
        case .contradiction(let reason): ValidationFailure(field: "", reason: reason)
        case .diskFull, .readOnly, .corrupt, .damagedBackup, .alreadyRunning, .newerSchema, .changedMigration,
            .notDurable, .notFound, .closed, .failed:
            nil
        }
    }

    static func units(of entity: EntityRef, _ reading: Reading) throws(StoreError) -> [UnitName: JSON] {
        var units: [UnitName: JSON] = [:]
        for change in try reading.heads(entity) { units[change.unit.unit] = try change.liveJSON() }
        return units
    }
}
