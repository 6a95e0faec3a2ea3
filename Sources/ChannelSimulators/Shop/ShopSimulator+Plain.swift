package import ChannelAdapters
package import Commerce

extension ShopSimulator {
    package func about() -> JSON {
        var object = JSONObject([
            ("compare_and_swap", .bool(dials.comparesAndSwaps)), ("batch_max", 1),
            ("idempotent", .bool(dials.recognisesKeys)), ("generation", .string(dials.generation)),
            ("projection", .array(dials.projection.rules.map(\.json))),
            ("units", dials.families.map { .array($0.map { .string($0) }) } ?? .null),
        ])
        if let rate = dials.requestsPerSecond { object["rate_per_second"] = .integer(Int64(rate)) }
        return .object(object)
    }

    /// An item as it is now.
    package func item(_ entity: RemoteRef) throws(ShopProblem) -> JSON {
        guard let held = visible(entity), !held.isDeleted else { throw ShopSimulator.missing(entity) }
        return itemJSON(entity, held)
    }

    /// Items by time of change, or without `updatedSince` all that exist by `kind/id`.
    ///
    /// - Parameter updatedSince: Milliseconds, inclusive; with `after`, only what comes
    ///   behind that item of that instant.
    package func items(updatedSince: Int64?, after: String?, limit: Int) -> JSON {
        let page = max(1, limit)
        var found: [String]
        if let updatedSince {
            var index = changeOrder.partitioningIndex { entry in
                guard let after, entry.updatedAt == updatedSince else { return entry.updatedAt >= updatedSince }
                return after.utf8.lexicographicallyPrecedes(entry.name.utf8)
            }
            found = []
            while index < changeOrder.count, found.count <= page {
                found.append(changeOrder[index].name)
                index += 1
            }
        } else {
            let names = self.names
            var index = after.map { ShopSimulator.firstIndex(in: names, after: $0) } ?? 0
            found = []
            while index < names.count, found.count <= page {
                if let entity = RemoteRef(name: names[index]), entities[entity]?.isDeleted == false { found.append(names[index]) }
                index += 1
            }
        }
        let items = found.prefix(page).compactMap { name in
            RemoteRef(name: name).flatMap { entity in entities[entity].map { itemJSON(entity, $0) } }
        }
        return ["items": .array(items), "more": .bool(found.count > page)]
    }

    /// Merges the fields given into an item; a null removes one.
    ///
    /// - Parameters:
    ///   - match: The tag of `If-Match`, without quotes.
    ///   - key: The `Idempotency-Key`.
    package func putItem(_ entity: RemoteRef, _ body: JSON, match: String?, key: String?) throws(ShopProblem) -> JSON {
        if let known = try knownAnswer(key, ["put": body, "item": entity.json]) { return known }
        let fields = try readFields(body)
        try checkMatch(entity, match)
        for (unit, sent) in fields {
            put(HeldUnit(value: sent.map { dials.stored($0, unit: unit) }), entity, unit)
        }
        count(key ?? "", entity, fields.count == 1 ? fields[0].unit : nil, body["fields"])
        let item = itemJSON(entity, entities[entity] ?? HeldEntity())
        remember(key, ["put": body, "item": entity.json], item)
        return item
    }

    package func deleteItem(_ entity: RemoteRef, match: String?, key: String?) throws(ShopProblem) {
        if try knownAnswer(key, ["delete": entity.json]) != nil { return }
        guard let held = entities[entity], !held.isDeleted else { throw ShopSimulator.missing(entity) }
        try checkMatch(entity, match)
        remove(entity)
        count(key ?? "", entity, nil, nil)
        remember(key, ["delete": entity.json], .null)
    }

    private func readFields(_ body: JSON) throws(ShopProblem) -> [(unit: UnitName, sent: JSON?)] {
        guard let members = body["fields"]?.object, !members.isEmpty else {
            throw ShopProblem(422, "invalid", "is required and must be an object with a member", field: "fields")
        }
        var fields: [(UnitName, JSON?)] = []
        for member in members {
            let field = "fields.\(member.name)"
            guard let unit = UnitName(member.name) else { throw ShopProblem(422, "invalid", "is no unit", field: field) }
            if let families = dials.families, !families.contains(unit.family) {
                throw ShopProblem(422, "invalid", "is no family this shop takes", field: field)
            }
            if dice.falls(dials.reject) { throw ShopProblem(422, "invalid", "the shop will not have it", field: field) }
            fields.append((unit, member.value.isNull ? nil : member.value))
        }
        return fields
    }

    private func checkMatch(_ entity: RemoteRef, _ match: String?) throws(ShopProblem) {
        guard dials.comparesAndSwaps, let match else { return }
        let held = entities[entity]
        let fits = match == "*" ? held?.isDeleted == false : match == held.map { String($0.version) }
        guard !fits else { return }
        var missing = HeldEntity()
        missing.isDeleted = true
        throw ShopProblem(412, "changed", "the item is another version", body: itemJSON(entity, held ?? missing))
    }

    private func knownAnswer(_ key: String?, _ request: JSON) throws(ShopProblem) -> JSON? {
        guard dials.recognisesKeys, let key, let known = remembered[key] else { return nil }
        guard known.request == request else {
            throw ShopProblem(422, "key_reused", "was used for another request before", field: "Idempotency-Key")
        }
        return known.answer
    }

    private func remember(_ key: String?, _ request: JSON, _ answer: JSON) {
        guard let key else { return }
        remembered[key] = RememberedAnswer(request: request, answer: answer)
    }

    static func missing(_ entity: RemoteRef) -> ShopProblem { ShopProblem(404, "not_found", "no item \(entity)") }
}
