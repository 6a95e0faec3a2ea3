import ChannelAdapters
package import Commerce

extension ShopSimulator {
    /// The shop's own edits after a cursor.
    ///
    /// A shop with clocks gives each edit as it was made. One without gives what
    /// changed, the hub's writes included, as it is now: that is all it knows.
    package func pull(since cursor: String?, limit: Int) throws(ShopProblem) -> JSON {
        let start = try position(of: cursor)
        let end = min(log.count, start + max(1, limit))
        var deltas = log[start..<end].enumerated().map { index, edit in
            let held = face == .deltaWithClocks ? edit.held : entities[edit.entity]?.units[edit.unit] ?? edit.held
            return delta(edit.entity, edit.unit, held, event: eventName(start + index))
        }
        if dice.falls(dials.repeatPulls) { deltas += deltas }
        if dials.reordersPulls { deltas.shuffle(using: &dice) }
        return [
            "generation": .string(dials.generation), "next": .string("\(dials.generation):\(end)"),
            "deltas": .array(deltas), "complete": .bool(end == log.count),
        ]
    }

    private func position(of cursor: String?) throws(ShopProblem) -> Int {
        guard let cursor else { return 0 }
        let halves = cursor.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2, let position = Int(halves[1]), String(halves[0]) == dials.generation,
            (0...log.count).contains(position)
        else { throw ShopProblem(410, "generation", "the cursor is not of generation \(dials.generation); take a snapshot") }
        return position
    }

    /// Everything held of up to 100 entities, and which of them it never had.
    package func read(_ request: JSON) throws(ShopProblem) -> JSON {
        guard let list = request["entities"]?.array, list.count <= 100 else {
            throw ShopProblem(422, "invalid", "is required and must be an array of at most 100", field: "entities")
        }
        var deltas: [JSON] = []
        var absent: [JSON] = []
        for (index, item) in list.enumerated() {
            let entity: RemoteRef
            do throws(ValidationFailure) {
                entity = try DeltaCoding.entity(from: item)
            } catch {
                throw ShopProblem(422, "invalid", error.reason, field: "entities[\(index)].\(error.field)")
            }
            let held = heldDeltas(of: entity)
            if held.isEmpty { absent.append(entity.json) }
            deltas += held
        }
        return ["deltas": .array(deltas), "absent": .array(absent)]
    }

    /// A page of everything held, ordered by the bytes of `kind/id`.
    ///
    /// - Parameter limit: Deltas in the page; one entity is never cut in two.
    package func snapshot(after position: String?, limit: Int) -> JSON {
        let names = self.names
        var index = position.map { ShopSimulator.firstIndex(in: names, after: $0) } ?? 0
        var deltas: [JSON] = []
        while index < names.count, deltas.count < max(1, limit) {
            if let entity = RemoteRef(name: names[index]) { deltas += heldDeltas(of: entity) }
            index += 1
        }
        return [
            "generation": .string(dials.generation), "deltas": .array(deltas),
            "next": index < names.count && index > 0 ? .string(names[index - 1]) : .null,
        ]
    }

    static func firstIndex(in names: [String], after position: String) -> Int {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if position.utf8.lexicographicallyPrecedes(names[middle].utf8) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func heldDeltas(of entity: RemoteRef) -> [JSON] {
        guard let held = visible(entity) else { return [] }
        return held.unitsInOrder.compactMap { unit in held.units[unit].map { delta(entity, unit, $0, event: nil) } }
    }

    /// An entity as a reader sees it, which may be as it was before the last write.
    func visible(_ entity: RemoteRef) -> HeldEntity? {
        guard var held = entities[entity] else { return nil }
        if !held.past.isEmpty, dice.falls(dials.staleReads) {
            held.units = held.past
            held.isDeleted = false
        }
        return held
    }

    func delta(_ entity: RemoteRef, _ unit: UnitName, _ held: HeldUnit, event: String?) -> JSON {
        var members = JSONObject([("entity", entity.json), ("unit", .string(unit.text))])
        describe(held, in: &members)
        members["event"] = event.map { .string($0) }
        return .object(members)
    }
}
