package import Commerce

/// Reads Heyi's own JSON Lines: `{"kind":"product","id":"…","units":{"tags":["x"],…}}`.
///
/// Instead of an `id` a line may carry a `key` of the file's own; other lines then
/// name it as `{"key":"…"}` where an id belongs. A unit that is null is taken away, a
/// unit not named stays as it is.
package struct NativeLines: LineInterpreter {
    private let options: InterchangeOptions

    package init(options: InterchangeOptions) { self.options = options }

    package func events(of value: JSON, line: Int) throws(RowFault) -> [CatalogEvent] {
        guard let object = value.object else { return [] }
        let kind = try kind(object, line)
        for name in object.names where !["kind", "id", "key", "aliases", "units"].contains(name) {
            let near = Spelling.nearest(to: name, among: ["kind", "id", "key", "aliases", "units"])
            throw RowFault(
                line: line, column: name, reason: "unknown member" + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
        }
        var entity = DesiredEntity(kind: kind, line: line, aliases: try aliases(object, kind, line))
        if let text = object["id"] {
            guard let id = text.string.flatMap({ EntityID($0) }) else {
                throw RowFault(
                    line: line, column: "id", value: text.text,
                    reason: "not an id: 1 to 64 characters out of a-z 0-9 - _; keys of your own go into \"key\"")
            }
            entity.id = id
        }
        guard entity.id != nil || !entity.aliases.isEmpty else {
            throw RowFault(line: line, column: "", reason: "the line needs an \"id\" or a \"key\"")
        }
        guard let units = object["units"]?.object else {
            throw RowFault(line: line, column: "units", reason: "\"units\" must be an object of units")
        }
        for member in units { try add(member, to: &entity) }
        return [.record(CatalogRecord(line: line, entities: [entity]))]
    }

    private func kind(_ object: JSONObject, _ line: Int) throws(RowFault) -> EntityKind {
        guard let name = object["kind"]?.string else {
            throw RowFault(line: line, column: "kind", reason: "\"kind\" is missing; write product, sku, category, brand or tag")
        }
        guard let kind = EntityKind(rawValue: name) else {
            let near = Spelling.nearest(to: name, among: EntityKind.allCases.map(\.rawValue))
            throw RowFault(
                line: line, column: "kind", value: name,
                reason: "unknown kind; write product, sku, category, brand or tag"
                    + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
        }
        return kind
    }

    private func aliases(_ object: JSONObject, _ kind: EntityKind, _ line: Int) throws(RowFault) -> [Alias] {
        var aliases: [Alias] = []
        if let key = object["key"] {
            guard let text = key.string ?? key.integer.map(String.init), !text.isEmpty else {
                throw RowFault(line: line, column: "key", value: key.text, reason: "a key is a text or a whole number")
            }
            aliases.append(Alias(kind, options.source, text))
        }
        for pair in object["aliases"]?.array ?? [] {
            guard let parts = pair.array, parts.count == 2, let namespace = parts[0].string, let key = parts[1].string,
                namespace != Alias.idNamespace
            else {
                throw RowFault(
                    line: line, column: "aliases", value: pair.text, reason: "an alias is a pair [\"namespace\",\"key\"]")
            }
            aliases.append(Alias(kind, namespace, key))
        }
        return aliases
    }

    private func add(_ member: JSONObject.Member, to entity: inout DesiredEntity) throws(RowFault) {
        guard let unit = UnitName(member.name) else {
            throw RowFault(line: entity.line, column: member.name, reason: "not the name of a unit, such as text.en or tags")
        }
        let value = member.value
        let column = "units.\(member.name)"
        switch (entity.kind, unit.family) {
        case (.sku, "identity"):
            if let target = link(value["product"], .product) { return entity.take(value, unit, "product", target, column) }
        case (.product, "brand"):
            if let target = link(value["id"], .brand) { return entity.take(value, unit, "id", target, column) }
        case (.category, "place"):
            if let target = link(value["parent"], .category) { return entity.take(value, unit, "parent", target, column) }
        case (.product, "categories"):
            let targets = (value.array ?? []).map { link($0, .category) }
            if targets.contains(where: { $0 != nil }) {
                guard targets.allSatisfy({ $0 != nil }) else {
                    throw RowFault(
                        line: entity.line, column: column, value: value.text,
                        reason: "name all categories by {\"key\":…} or {\"path\":[…]}, or all by id")
                }
                entity.link(Link(unit: unit, slot: .list, targets: targets.compactMap { $0 }), column: column)
                return
            }
        default: break
        }
        entity.set(unit, value.isNull ? .clear : .replace(value), column: column)
    }

    /// `{"key":"…"}` or, for a category, `{"path":["A","B"]}`, for a brand `{"name":"…"}`.
    private func link(_ value: JSON?, _ kind: EntityKind) -> Link.Target? {
        guard let object = value?.object, object.count == 1 else { return nil }
        if let key = object["key"] {
            let text = key.string ?? key.integer.map(String.init)
            return text.map { Link.Target(aliases: [Alias(kind, options.source, $0)]) }
        }
        if kind == .category, let path = object["path"]?.array?.compactMap(\.string), !path.isEmpty {
            return .category(path)
        }
        if kind == .brand, let name = object["name"]?.string { return Link.brand(named: name).targets.first }
        return nil
    }
}

extension DesiredEntity {
    /// Takes a value whose one member is a link.
    fileprivate mutating func take(
        _ value: JSON, _ unit: UnitName, _ member: String, _ target: Link.Target, _ column: String
    ) {
        var object = value.object ?? JSONObject()
        object[member] = nil
        set(unit, object.isEmpty ? .members([]) : .replace(.object(object)), column: column)
        links.append(Link(unit: unit, slot: .member(member), targets: [target]))
    }
}
