import ChannelAdapters
import Commerce

extension ShopSimulator {
    /// What can go wrong in a shop's own data without the hub hearing of it.
    package enum Planted: String, CaseIterable, Sendable {
        /// A unit is as it was before the last write, its clock and time included: a write was lost.
        case revert
        /// A unit's row is gone.
        case forget
        /// Somebody changed a value in the database: neither clock nor feed knows.
        case poke
        /// An edit that the feed does not tell.
        case hide
        /// Another program wrote, under a name of its own.
        case intrude
        /// A listing is gone.
        case wipe
        /// A listing nobody was told of.
        case create
    }

    /// Plants one kind of drift in `count` places, as the seed chooses them.
    ///
    /// - Returns: `kind/id unit` of each; without a unit where it concerns the whole listing.
    package func plant(_ what: Planted, count: Int, seed: UInt64) -> [String] {
        var dice = Dice(seed: seed)
        var names = self.names
        names.shuffle(using: &dice)
        var planted: [String] = []
        if what == .create {
            for index in 0..<count {
                let entity = RemoteRef(kind: .product, id: "found-\(seed)-\(index)")
                hide(entity, UnitName("brand"), ["name": .string("Found \(seed)-\(index)")])
                planted.append(entity.description)
            }
            return planted
        }
        for name in names where planted.count < count {
            guard let entity = RemoteRef(name: name), let place = plant(what, in: entity) else { continue }
            planted.append(place)
        }
        return planted
    }

    private func plant(_ what: Planted, in entity: RemoteRef) -> String? {
        guard let held = entities[entity], !held.isDeleted, !held.saysDeleted else { return nil }
        let fit = held.unitsInOrder.filter { unit in
            switch what {
            case .revert: previous[entity]?[unit] != nil
            case .poke, .hide, .intrude: ShopSimulator.other(held.units[unit]?.value, unit) != nil
            case .forget, .wipe, .create: unit.family != "life" && held.units[unit]?.value != nil
            }
        }
        guard let unit = fit.first, let state = held.units[unit] else { return nil }
        heldDigests.changed(entity)
        changeOrderCache = nil
        switch what {
        case .revert:
            let before = previous[entity]?[unit]
            entities[entity]?.units[unit] = before
            entities[entity]?.updatedAt = before?.updatedAt ?? held.updatedAt
            previous[entity]?[unit] = nil
        case .forget: entities[entity]?.units[unit] = nil
        case .poke: entities[entity]?.units[unit]?.value = ShopSimulator.other(state.value, unit)
        case .hide: hide(entity, unit, ShopSimulator.other(state.value, unit))
        case .intrude:
            var written = state
            let count = written.clock["ch:intruder:1"] + 1
            written.value = ShopSimulator.other(state.value, unit)
            written.clock["ch:intruder:1"] = count
            written.dot = DotToken(actor: "ch:intruder:1", count: UInt64(count))
            entities[entity]?.units[unit] = written
        case .wipe:
            entities[entity] = nil
            forgetOrder()
            return name(entity, nil)
        case .create: return nil
        }
        entities[entity]?.version = nextVersion()
        return name(entity, unit)
    }

    private func name(_ entity: RemoteRef, _ unit: UnitName?) -> String {
        unit.map { "\(entity) \($0)" } ?? entity.description
    }

    /// An edit by the shop's own people that no feed tells.
    private func hide(_ entity: RemoteRef, _ unit: UnitName?, _ value: JSON?) {
        guard let unit else { return }
        let told = log.count
        edit(entity, unit, value)
        log.removeLast(log.count - told)
    }

    /// Another value that the unit's rules allow, for the families where one is easily made.
    private static func other(_ value: JSON?, _ unit: UnitName) -> JSON? {
        guard var object = value?.object else { return nil }
        switch unit.family {
        case "text":
            guard let title = object["title"]?.string else { return nil }
            object["title"] = .string(title + " *")
        case "brand":
            guard let name = object["name"]?.string else { return nil }
            object["name"] = .string(name + " *")
        case "price":
            guard let amount = object["amount"]?.integer else { return nil }
            object["amount"] = .integer(amount + 100)
        default: return nil
        }
        return .object(object)
    }
}
