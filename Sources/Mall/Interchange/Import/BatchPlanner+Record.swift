import Commerce

extension BatchPlanner {
    /// Plans one record: a refused product takes its SKUs along, a refused SKU only itself.
    mutating func planRecord(
        _ record: CatalogRecord, _ names: inout NameTable, _ live: [EntityRef: [UnitName: JSON]], _ plan: inout Plan
    ) async throws(InterchangeError) {
        // Moved there and back, not copied: a table of a whole batch for each record of it.
        let before = names.altered.count
        var making = Making(names: names)
        names = NameTable()
        let stands = try await weigh(record, &making, live, &plan)
        names = making.names
        // Names are promised to later records only when this one stands.
        if !stands { names.undo(to: before) }
    }

    /// - Returns: whether anything of the record is to be written.
    private mutating func weigh(
        _ record: CatalogRecord, _ making: inout Making, _ live: [EntityRef: [UnitName: JSON]], _ plan: inout Plan
    ) async throws(InterchangeError) -> Bool {
        var writes: [EntityWrite] = []
        var unchanged = 0
        var refused = 0
        for entity in record.entities {
            do throws(PlanningError) {
                let write = try await planEntity(entity, &making, live)
                if !write.isNew, write.units.isEmpty { unchanged += 1 }
                if write.isNew || !write.units.isEmpty || !write.aliases.isEmpty { writes.append(write) }
            } catch {
                switch error {
                case .stopped(let error): throw error
                case .refused(let fault): plan.faults.append(fault)
                }
                refused += 1
                guard entity.kind == .sku else {
                    plan.refused += record.entities.count
                    return false
                }
            }
        }
        let skus = record.entities.count { $0.kind == .sku }
        guard refused < max(1, skus) else {
            plan.refused += record.entities.count
            return false
        }
        plan.refused += refused
        plan.faults += making.warnings
        plan.unchanged += unchanged
        plan.writes += making.writes
        if !writes.isEmpty { plan.writes.append(RecordWrite(line: record.line, entities: writes)) }
        return true
    }

    private mutating func planEntity(
        _ entity: DesiredEntity, _ making: inout Making, _ live: [EntityRef: [UnitName: JSON]]
    ) async throws(PlanningError) -> EntityWrite {
        let ref = EntityRef(entity.kind, entity.id ?? making.names.id(entity.aliases) ?? mint())
        let held = live[ref]
        var entity = entity
        if !entity.changes.contains(where: { $0.unit == Units.life }) {
            entity.set(Units.life, "state", "live", column: "", onlyWhenNew: true)
        }
        entity.changes += try await linked(entity, held, &making)
        do throws(RowFault) {
            try checkLife(entity, ref, held)
            try checkOwner(entity, held)
            let units = try difference(entity, held, &making.warnings)
            let aliases = entity.aliases.filter { $0.isRegistered && making.names.ids[$0] == nil }
            making.names.mint(entity.aliases, ref.id)
            releaseCode(of: ref, held, units, &making.names)
            return EntityWrite(ref: ref, isNew: held == nil, aliases: aliases, units: units)
        } catch {
            throw .refused(error)
        }
    }

    /// A SKU that is given another code is no longer found by the one it had.
    private func releaseCode(
        of ref: EntityRef, _ held: [UnitName: JSON]?, _ units: [UnitWanted], _ names: inout NameTable
    ) {
        guard ref.kind == .sku, let old = held?[Units.identity]?["code"]?.string,
            let wanted = units.first(where: { $0.name == Units.identity }), wanted.value?["code"]?.string != old
        else { return }
        names.release(Alias(.sku, Alias.codeNamespace, old), from: ref.id)
    }

    func mint() -> EntityID {
        guard let id = EntityID(ids.next()) else { preconditionFailure("the id source gave something that is no id") }
        return id
    }

    /// The units whose wanted value, in normal form, is not what is live.
    func difference(
        _ entity: DesiredEntity, _ held: [UnitName: JSON]?, _ warnings: inout [RowFault]
    ) throws(RowFault) -> [UnitWanted] {
        var wanted: [(name: UnitName, value: JSON?)] = []
        for (unit, change) in entity.changes {
            if let index = wanted.firstIndex(where: { $0.name == unit }) {
                wanted[index].value = change.applied(to: wanted[index].value, isNew: held == nil)
            } else {
                wanted.append((unit, change.applied(to: held?[unit], isNew: held == nil)))
            }
        }
        var result: [UnitWanted] = []
        for (unit, value) in wanted where value != held?[unit] {
            var normal = value
            if let value { normal = try validated(value, unit, entity, &warnings) }
            if normal != held?[unit] { result.append(UnitWanted(name: unit, value: normal, basis: held?[unit])) }
        }
        return result.sorted { $0.name < $1.name }
    }

    /// The normal form. A picture that is none costs itself, not the product it shows.
    private func validated(
        _ value: JSON, _ unit: UnitName, _ entity: DesiredEntity, _ warnings: inout [RowFault]
    ) throws(RowFault) -> JSON? {
        do throws(ValidationFailure) {
            return try UnitCatalog.definition(entity.kind, unit).validate(value)
        } catch {
            guard unit.family == "media", var media = value.array, let index = error.element, index < media.count else {
                let member = String(error.field.prefix { $0 != "." && $0 != "[" })
                let part = value[member] ?? value
                throw RowFault(
                    line: entity.line, column: entity.column(of: unit, field: error.field),
                    value: part.string ?? part.text, reason: error.description)
            }
            let refused = media.remove(at: index)
            warnings.append(
                RowFault(
                    line: entity.line, column: entity.column(of: unit, field: ""),
                    value: refused["url"]?.string ?? refused.text,
                    reason: "left out, the address \(error.reason)", isWarning: true))
            guard let rest = JSON.present(media) else { return nil }
            return try validated(rest, unit, entity, &warnings)
        }
    }

    /// An old file must not bring back what people have deleted, unless it says so itself.
    private func checkLife(_ entity: DesiredEntity, _ ref: EntityRef, _ held: [UnitName: JSON]?) throws(RowFault) {
        guard held?[Units.life]?["state"] == "deleted" else { return }
        for case (Units.life, .replace) in entity.changes { return }
        throw RowFault(
            line: entity.line, column: "", value: entity.aliases.first?.key ?? ref.id.text,
            reason: "\(ref) was deleted; bring it back first by setting its unit `life` to live")
    }

    /// A SKU code that means a SKU of another product must not move it.
    private func checkOwner(_ entity: DesiredEntity, _ held: [UnitName: JSON]?) throws(RowFault) {
        guard entity.kind == .sku, entity.id == nil, let owner = held?[Units.identity]?["product"]?.string else { return }
        for case (Units.identity, .members(let members)) in entity.changes {
            guard let wanted = members.last(where: { $0.name == "product" })?.value?.string, wanted != owner else { continue }
            let code = entity.aliases.first { $0.namespace == Alias.codeNamespace }?.key ?? ""
            throw RowFault(
                line: entity.line, column: entity.column(of: Units.identity, field: "code"), value: code,
                reason: "the SKU belongs to product/\(owner) already; see `heyi why product/\(owner)`")
        }
    }
}

extension ValidationFailure {
    /// The list element at fault, when the field begins with one: 2 for `[2].url`.
    fileprivate var element: Int? {
        guard field.hasPrefix("[") else { return nil }
        return Int(field.dropFirst().prefix { $0 != "]" })
    }
}
