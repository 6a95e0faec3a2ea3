import Commerce

extension CatalogMapping {
    /// The record a source record becomes, and what is wrong with parts of it.
    func record(
        of source: JSON, line: Int, _ options: InterchangeOptions
    ) throws(RowFault) -> (record: CatalogRecord?, faults: [RowFault]) {
        let scope = SourceScope(value: source)
        let product = try entity(.product, self.product, scope, line, options)
        guard let sku else { return (CatalogRecord(line: line, entities: [product]), []) }
        var entities = [product]
        var faults: [RowFault] = []
        let scopes = skuPath.map { ($0.value(in: scope)?.array ?? []).map(scope.inside) } ?? [scope]
        for (index, scope) in scopes.enumerated() {
            do throws(RowFault) {
                var entity = try self.entity(.sku, sku, scope, line, options)
                let target = Link.Target(aliases: product.aliases)
                entity.links.append(Link(unit: Units.identity, slot: .member("product"), targets: [target]))
                entity.set(
                    Units.identity, "position", .integer(Int64(index + 1)), column: "", onlyWhenNew: true)
                entities.append(entity)
            } catch {
                faults.append(error)
            }
        }
        guard entities.count > 1 || faults.isEmpty else { return (nil, faults) }
        return (CatalogRecord(line: line, entities: entities), faults)
    }

    private func entity(
        _ kind: EntityKind, _ part: Part, _ scope: SourceScope, _ line: Int, _ options: InterchangeOptions
    ) throws(RowFault) -> DesiredEntity {
        let key = try part.key.value(in: scope, currency: options.currency, line: line)
        guard let key = key.flatMap(MappingRule.Conversion.text), !key.isEmpty else {
            throw RowFault(line: line, column: "key of the \(kind.rawValue)", reason: "the record has no key, so it could not be found again")
        }
        var entity = DesiredEntity(kind: kind, line: line, aliases: [Alias(kind, options.source, key)])
        for (name, rule) in part.units {
            let text = name.replacing("{locale}", with: options.locale)
                .replacing("{currency}", with: options.currency.code).replacing("{source}", with: options.source)
            guard let unit = UnitName(text) else {
                throw RowFault(line: line, column: name, reason: "the mapping file names a unit that cannot be: \(text)")
            }
            let currency = unit.family == "price" ? unit.qualifier.flatMap { Currency($0) } : nil
            try add(unit, rule, scope, currency ?? options.currency, to: &entity)
        }
        if kind == .sku { addCode(to: &entity) }
        return entity
    }

    private func add(
        _ unit: UnitName, _ rule: MappingRule, _ scope: SourceScope, _ currency: Currency, to entity: inout DesiredEntity
    ) throws(RowFault) {
        let column = unit.text
        if case .object(let members) = rule, unit.family != "brand" {
            for member in members {
                let value = try member.rule.value(in: scope, currency: currency, line: entity.line)
                entity.set(unit, member.name, value, column: member.rule.source ?? "\(column) \(member.name)")
            }
            return
        }
        let value = try rule.value(in: scope, currency: currency, line: entity.line)
        switch (entity.kind, unit.family, value) {
        case (.product, "brand", let value?) where value["name"]?.string != nil || value.string != nil:
            entity.link(.brand(named: value["name"]?.string ?? value.string ?? ""), column: rule.source ?? column)
        case (.product, "categories", .array(let paths)?):
            let titles = paths.map { path in
                path.array?.compactMap(\.string) ?? path.string.map(CategoryPath.split) ?? []
            }
            entity.link(.categories(titles.filter { !$0.isEmpty }), column: rule.source ?? column)
        default: entity.set(unit, value.map(UnitChange.replace) ?? .clear, column: rule.source ?? column)
        }
    }

    /// A SKU's code is one of its names, as in every other format.
    private func addCode(to sku: inout DesiredEntity) {
        for case (Units.identity, .members(let members)) in sku.changes {
            guard let code = members.last(where: { $0.name == "code" })?.value?.string else { continue }
            sku.aliases.insert(Alias(.sku, Alias.codeNamespace, code), at: 0)
        }
    }
}

extension MappingRule {
    /// The path a refused value most likely came from, to name it.
    var source: String? {
        switch self {
        case .from(let paths, _, _): paths.first?.text
        case .each(let path, _): path.text
        case .array(let rules): rules.lazy.compactMap(\.source).first
        case .object(let members): members.lazy.compactMap(\.rule.source).first
        case .constant, .template: nil
        }
    }
}
