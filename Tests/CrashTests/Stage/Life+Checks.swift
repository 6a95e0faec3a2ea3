import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine

extension Life {
    /// What is still under way between the store and its shops; empty when all hold the same.
    func unsettled() throws -> [String] {
        let shops = outside.shops
        return try read { reading throws(StoreError) in
            var found: [String] = []
            for shop in shops { found += try Life.unsettled(shop, reading) }
            if let waiting = try reading.inboxFigures().counts[.waiting] { found.append("\(waiting) callbacks wait") }
            return found
        }
    }

    private static func unsettled(_ shop: SimulatedChannel, _ reading: Reading) throws(StoreError) -> [String] {
        guard let record = try reading.channel(shop.id), record.state == .active else { return [] }
        if record.observing { return ["\(shop.id) is still observed"] }
        var found: [String] = []
        for unit in try reading.openPushes(record, limit: 100) { found.append("\(unit) is on its way to \(shop.id)") }
        var dead: Set<UnitRef> = []
        for exception in try reading.exceptions(record, limit: 1_000) {
            if exception.state == .dead { dead.insert(exception.unit); continue }
            found.append("\(exception.unit) is \(exception.state) at \(shop.id): \(exception.error)")
        }
        let settings = ChannelSettings(json: record.settings)
        for (_, entity) in try reading.entities(after: 0, limit: 10_000) {
            let remote = try reading.remoteName(entity, of: record)
            for head in try reading.heads(entity) {
                guard settings.wants(head.unit.unit, channel: shop.id, offered: nil), !dead.contains(head.unit) else { continue }
                let expected = try head.liveJSON().map { shop.shown($0, head.unit.unit) }
                let held = shop.value(remote, head.unit.unit)
                if expected != held {
                    found.append("\(head.unit)@\(shop.id): master \(expected?.text ?? "-"), shop \(held?.text ?? "-")")
                }
            }
        }
        return found
    }

    /// What contradicts what callers were told.
    func brokenPromises() throws -> [String] {
        var broken: [String] = []
        for promise in outside.promises where try !promise.holds(self) { broken.append("lost: \(promise.what)") }
        return broken
    }

    /// What the store finds amiss in itself; SQLite's own check of every page is in it.
    func findings() throws -> [String] {
        try read { reading throws(StoreError) in
            try reading.examine().map { "\($0.rule) \($0.subject): \($0.problem)" }
        }
    }

    /// What the shops applied twice, and what of a channel is given up.
    func doubled() -> [String] {
        outside.shops.flatMap { shop in shop.doubledEffects.map { "\(shop.id) applied \($0) twice" } }
    }

    /// Writes the store ascribes to a shop whose people never made them: the hub's own, taken for theirs.
    func imagined() throws -> [String] {
        // What a shop cuts is completed when it is taken up, so its edits are not found again word by word.
        let shops = outside.shops.filter { $0.projection.rules.isEmpty }
        return try read { reading throws(StoreError) in
            var found: [String] = []
            for shop in shops {
                for change in try reading.changes(of: shop.id, limit: 1_000) where change.unit.unit.family != "life" {
                    let made = shop.ledger.edits.contains { edit in
                        edit.unit == change.unit.unit && Life.normal(edit.value, change.unit) == change.value
                    }
                    if !made {
                        let value = change.value.map { String(decoding: $0, as: UTF8.self) } ?? "-"
                        found.append("\(change.unit) was never made \(value) by \(shop.id)")
                    }
                }
            }
            return found
        }
    }

    private static func normal(_ value: JSON?, _ unit: UnitRef) -> [UInt8]? {
        guard let value else { return nil }
        do throws(ValidationFailure) {
            return try UnitCatalog.definition(unit.entity.kind, unit.unit).validate(value).bytes
        } catch {
            return value.bytes
        }
    }

    func dead() throws -> [String] {
        let shops = outside.shops
        return try read { reading throws(StoreError) in
            var found: [String] = []
            for shop in shops {
                guard let record = try reading.channel(shop.id) else { continue }
                for exception in try reading.exceptions(record, state: .dead, limit: 100) {
                    found.append("\(exception.unit) is dead at \(shop.id): \(exception.error)")
                }
            }
            return found
        }
    }
}
