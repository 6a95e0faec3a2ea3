import Commerce

extension BatchPlanner {
    /// What making missing categories and brands takes along a record.
    struct Making {
        var names: NameTable
        var writes: [RecordWrite] = []
        var warnings: [RowFault] = []
    }

    /// Turns links into changes that carry ids, making categories and brands that are missing.
    mutating func linked(
        _ entity: DesiredEntity, _ held: [UnitName: JSON]?, _ making: inout Making
    ) async throws(PlanningError) -> [(unit: UnitName, change: UnitChange)] {
        var changes: [(unit: UnitName, change: UnitChange)] = []
        for link in entity.links {
            let live = held?[link.unit]
            // A brand may be a bare name; naming it again is no reason to make an entity of it.
            if let name = live?["name"]?.string, link.targets.map(\.title) == [[name]] { continue }
            var linkedIDs: [JSON] = []
            for target in link.targets {
                var id = try await kept(target, link.slot, live, besides: linkedIDs)
                if id == nil { id = try self.id(of: target, link, entity, &making) }
                if let id, !linkedIDs.contains(.string(id.text)) { linkedIDs.append(.string(id.text)) }
            }
            switch link.slot {
            case .list: changes.append((link.unit, linkedIDs.isEmpty ? .clear : .replace(.array(linkedIDs))))
            case .member(let name):
                var members = [UnitChange.Member(name, linkedIDs.first)]
                if link.unit == Units.brand { members.append(UnitChange.Member("name", nil)) }
                changes.append((link.unit, .members(members)))
            }
        }
        return changes
    }

    /// What is linked already and goes by this very title: people may have renamed a
    /// category since it was made under another name, and the link must stay.
    private mutating func kept(
        _ target: Link.Target, _ slot: Link.Slot, _ live: JSON?, besides taken: [JSON]
    ) async throws(PlanningError) -> EntityID? {
        guard !target.title.isEmpty, let live, let kind = target.aliases.first?.kind else { return nil }
        let linked: [JSON] =
            switch slot {
            case .list: live.array ?? []
            case .member(let name): live[name].map { [$0] } ?? []
            }
        for value in linked where !taken.contains(value) {
            guard let id = value.string.flatMap({ EntityID($0) }) else { continue }
            do throws(InterchangeError) {
                if try await titles.path(of: EntityRef(kind, id)) == target.title { return id }
            } catch {
                throw .stopped(error)
            }
        }
        return nil
    }

    private func id(
        of target: Link.Target, _ link: Link, _ entity: DesiredEntity, _ making: inout Making
    ) throws(PlanningError) -> EntityID {
        if let id = making.names.id(target.aliases) { return id }
        guard !target.title.isEmpty, let kind = target.aliases.first?.kind else {
            let what = target.aliases.first?.kind.rawValue ?? "entity"
            throw .refused(
                RowFault(
                    line: entity.line, column: entity.column(of: link.unit, field: ""),
                    value: target.aliases.last?.key ?? "",
                    reason: "names a \(what) that neither the catalog nor an earlier row has"))
        }
        do throws(RowFault) {
            return try make(kind, target.title, entity, link, &making)
        } catch {
            throw .refused(error)
        }
    }

    /// Makes the category or brand, and the categories above it, as records of their own.
    private func make(
        _ kind: EntityKind, _ title: [String], _ mention: DesiredEntity, _ link: Link, _ making: inout Making
    ) throws(RowFault) -> EntityID {
        var last = mint()
        var parent: EntityID?
        for length in 1...title.count {
            let path = Array(title.prefix(length))
            let target = kind == .category ? Link.Target.category(path) : Link.brand(named: path[0]).targets[0]
            if let known = making.names.id(target.aliases) {
                (last, parent) = (known, known)
                continue
            }
            let column = mention.column(of: link.unit, field: "")
            var entity = DesiredEntity(kind: kind, line: mention.line, aliases: target.aliases)
            entity.set(Units.life, "state", "live", column: column)
            entity.set(options.text, "title", .string(path[length - 1]), column: column)
            if kind == .category {
                entity.set(Units.place, "parent", parent.map { .string($0.text) }, column: column)
                entity.set(Units.place, "position", 0, column: column)
            }
            let ref = EntityRef(kind, parent == nil && length == 1 ? last : mint())
            let write = EntityWrite(
                ref: ref, isNew: true, aliases: target.aliases, units: try difference(entity, nil, &making.warnings))
            making.writes.append(RecordWrite(line: mention.line, entities: [write]))
            making.names.mint(target.aliases, ref.id)
            (last, parent) = (ref.id, ref.id)
        }
        return last
    }
}

/// Why an entity cannot be planned: its row is at fault, or the whole import must stop.
enum PlanningError: Error {
    case refused(RowFault)
    case stopped(InterchangeError)
}
