import Commerce

/// Works out what a batch of records changes, and what is wrong with it.
struct BatchPlanner {
    /// Records without what the file has said before, and what was wrong with the rest.
    struct Screened: Sendable {
        var records: [CatalogRecord] = []
        var faults: [RowFault] = []
        var refused = 0
    }

    struct Plan: Sendable {
        var writes: [RecordWrite] = []
        var faults: [RowFault] = []
        var refused = 0
        var unchanged = 0
        /// The entities whose live units it was worked out from.
        var looked: Set<EntityRef> = []
        /// What each name means once it is written; nil where it means nothing any more.
        var names: [Alias: EntityID?] = [:]
    }

    let sink: any CatalogSink
    let options: InterchangeOptions
    let ids: any IDSource
    let dryRun: Bool
    private var seen = SeenKeys()
    /// In a dry run nothing is written, so later batches ask here for what earlier ones made
    /// and, by nil, what they gave up.
    private var imagined: [UInt64: EntityID?] = [:]
    var titles: TitleBook

    init(sink: any CatalogSink, options: InterchangeOptions, ids: any IDSource, dryRun: Bool) {
        self.sink = sink
        self.options = options
        self.ids = ids
        self.dryRun = dryRun
        titles = TitleBook(units: sink, text: options.text)
    }

    /// Takes a record in, once for each record of the file.
    mutating func screen(_ record: CatalogRecord, into screened: inout Screened) {
        let (rest, faults, refused) = withoutRepeats(record)
        screened.faults += faults
        screened.refused += refused
        if let rest { screened.records.append(rest) }
    }

    /// - Parameter former: what is being written meanwhile; its names count as written.
    mutating func plan(_ screened: Screened, beside former: Plan? = nil) async throws(InterchangeError) -> Plan {
        var plan = Plan()
        plan.faults = screened.faults
        plan.refused = screened.refused
        var names = try await names(in: screened.records, beside: former?.names ?? [:])
        let live = try await live(screened.records, names, &plan.looked)
        for record in screened.records {
            try await planRecord(record, &names, live, &plan)
        }
        for (alias, id, _) in names.altered { plan.names[alias] = .some(id) }
        if dryRun { for (alias, id) in plan.names { imagined[Fingerprint.of(alias)] = .some(id) } }
        return plan
    }

    /// The record without what the file has said before.
    mutating func withoutRepeats(_ record: CatalogRecord) -> (CatalogRecord?, faults: [RowFault], refused: Int) {
        var faults: [RowFault] = []
        var kept: [DesiredEntity] = []
        for entity in record.entities {
            if let fault = repeated(entity) {
                faults.append(fault)
                // A product said twice takes its SKUs along: nobody knows which of the two is meant.
                if entity.kind == .product { return (nil, faults, record.entities.count) }
            } else {
                kept.append(entity)
            }
        }
        if kept.isEmpty { return (nil, faults, record.entities.count) }
        return (CatalogRecord(line: record.line, entities: kept), faults, record.entities.count - kept.count)
    }

    private mutating func repeated(_ entity: DesiredEntity) -> RowFault? {
        var names = entity.aliases
        if let id = entity.id { names.append(Alias(entity.kind, Alias.idNamespace, id.text)) }
        var first: (alias: Alias, line: Int)?
        for (index, alias) in names.enumerated() where !names[..<index].contains(alias) {
            if let line = seen.note(alias, line: entity.line), first == nil { first = (alias, line) }
        }
        guard let first else { return nil }
        let what = first.alias.namespace == Alias.codeNamespace ? "the SKU code" : "this \(entity.kind.rawValue)"
        let hint =
            entity.kind == .product
            ? "; the rows of one product must stand together, and none of the later ones is taken" : ""
        return RowFault(
            line: entity.line, column: entity.kind == .sku ? entity.column(of: Units.identity, field: "code") : "",
            value: first.alias.key,
            reason: "\(what) stands already on line \(first.line)\(hint)")
    }

    private func names(
        in records: [CatalogRecord], beside former: [Alias: EntityID?]
    ) async throws(InterchangeError) -> NameTable {
        var wanted: [Alias] = []
        for entity in records.flatMap(\.entities) {
            wanted += entity.aliases
            for target in entity.links.flatMap(\.targets) {
                wanted += target.aliases
                for length in 1..<max(1, target.title.count) {
                    wanted += Link.Target.category(Array(target.title.prefix(length))).aliases
                }
            }
        }
        var unique: [Alias] = []
        var known: Set<Alias> = []
        for alias in wanted where known.insert(alias).inserted { unique.append(alias) }
        var table = NameTable()
        for (alias, id) in zip(unique, try await sink.resolve(unique)) {
            if let meant = former[alias] ?? (dryRun ? imagined[Fingerprint.of(alias)] : nil) {
                table.ids[alias] = meant
            } else {
                table.ids[alias] = id
            }
        }
        return table
    }

    private func live(
        _ records: [CatalogRecord], _ names: NameTable, _ looked: inout Set<EntityRef>
    ) async throws(InterchangeError) -> [EntityRef: [UnitName: JSON]] {
        var refs: [EntityRef] = []
        for entity in records.flatMap(\.entities) {
            if let id = entity.id ?? names.id(entity.aliases) { refs.append(EntityRef(entity.kind, id)) }
        }
        looked = Set(refs)
        var live: [EntityRef: [UnitName: JSON]] = [:]
        for (ref, units) in zip(refs, try await sink.live(refs)) { live[ref] = units }
        return live
    }
}

/// Which entity each name means, those this batch makes included.
struct NameTable {
    var ids: [Alias: EntityID] = [:]
    /// What was made known or given up, in this order, and what it meant before.
    private(set) var altered: [(alias: Alias, id: EntityID?, before: EntityID?)] = []

    func id(_ aliases: [Alias]) -> EntityID? {
        for alias in aliases { if let id = ids[alias] { return id } }
        return nil
    }

    mutating func mint(_ aliases: [Alias], _ id: EntityID) {
        for alias in aliases where ids[alias] == nil {
            ids[alias] = id
            altered.append((alias, id, nil))
        }
    }

    /// Takes a name from the entity that bore it, so that a later record may give it to another.
    mutating func release(_ alias: Alias, from id: EntityID) {
        // A name this batch did not ask for is not in the table, and is the entity's all the same.
        guard ids[alias] ?? id == id else { return }
        altered.append((alias, nil, ids[alias]))
        ids[alias] = nil
    }

    /// Takes back all but the first `count` alterations: the record that made them does not stand.
    mutating func undo(to count: Int) {
        while altered.count > count {
            let last = altered.removeLast()
            ids[last.alias] = last.before
        }
    }
}
