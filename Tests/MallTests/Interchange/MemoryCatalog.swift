import Commerce
import Mall

/// A catalog in memory that keeps what an import writes, and gives it to an export.
actor MemoryCatalog: CatalogSink, CatalogSource {
    private(set) var entities: [EntityRef: [UnitName: JSON]] = [:]
    private(set) var order: [EntityRef] = []
    private var names: [Alias: EntityID] = [:]
    private(set) var unitsWritten = 0
    /// Refuses further batches, as a store whose disk is full does.
    var batchesLeft = Int.max

    /// Refuses what stands on these lines.
    var refusedLines: Set<Int> = []

    func refuse(lines: Set<Int>) { refusedLines = lines }

    func put(_ ref: EntityRef, _ units: [UnitName: JSON]) {
        if entities[ref] == nil { order.append(ref) }
        entities[ref] = units
    }

    func name(_ ref: EntityRef, _ namespace: String, _ key: String) { names[Alias(ref.kind, namespace, key)] = ref.id }

    func failAfter(batches: Int) { batchesLeft = batches }

    func units(_ kind: EntityKind, _ namespace: String, _ key: String) -> [UnitName: JSON]? {
        names[Alias(kind, namespace, key)].flatMap { entities[EntityRef(kind, $0)] }
    }

    func count(_ kind: EntityKind) -> Int { order.count { $0.kind == kind } }

    /// Everything, in a form two catalogs can be compared by.
    var picture: [String] {
        order.sorted().flatMap { ref in
            (entities[ref] ?? [:]).sorted { $0.key < $1.key }.map { "\(ref):\($0.key) = \($0.value.text)" }
        }
    }

    func resolve(_ aliases: [Alias]) -> [EntityID?] {
        aliases.map { alias in
            guard alias.namespace == Alias.idNamespace else { return names[alias] }
            return EntityID(alias.key).flatMap { entities[EntityRef(alias.kind, $0)] == nil ? nil : $0 }
        }
    }

    func live(_ refs: [EntityRef]) -> [[UnitName: JSON]?] { refs.map { entities[$0] } }

    func apply(_ records: [RecordWrite]) throws(InterchangeError) -> [RecordOutcome] {
        guard batchesLeft > 0 else { throw .store("the disk is full") }
        batchesLeft -= 1
        let taken = records.filter { !refusedLines.contains($0.line) }
        for entity in taken.flatMap(\.entities) {
            var units = entities[entity.ref] ?? [:]
            for unit in entity.units { units[unit.name] = unit.value }
            unitsWritten += entity.units.count
            put(entity.ref, units)
            for alias in entity.aliases { names[alias] = entity.ref.id }
        }
        return records.map { record in
            guard refusedLines.contains(record.line), let ref = record.entities.first?.ref else { return .applied }
            return .refused(ref, ValidationFailure(field: "", reason: "was edited meanwhile"))
        }
    }

    func page(_ kind: EntityKind, after position: Int64, limit: Int) -> (entities: [CatalogEntity], next: Int64?) {
        let all = order.filter { $0.kind == kind }
        let end = min(all.count, Int(position) + limit)
        let page = all[Int(position)..<end].map(entity)
        return (page, end < all.count ? Int64(end) : nil)
    }

    func skus(of products: [EntityID]) -> [[CatalogEntity]] {
        products.map { product in
            order.filter { $0.kind == .sku && entities[$0]?[UnitName("identity")!]?["product"]?.string == product.text }
                .map(entity)
        }
    }

    private func entity(_ ref: EntityRef) -> CatalogEntity {
        let aliases = names.filter { $0.key.kind == ref.kind && $0.value == ref.id }.map(\.key)
        return CatalogEntity(
            ref: ref, aliases: aliases.sorted { ($0.namespace, $0.key) < ($1.namespace, $1.key) },
            units: entities[ref] ?? [:])
    }
}
