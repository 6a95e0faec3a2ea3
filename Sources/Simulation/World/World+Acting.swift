import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension World {
    func act(_ step: Step) throws {
        let channel = channels[step.channel]
        let unit = World.units[step.unit]
        switch step.kind {
        case .write: try writeUnit(unit, step.number)
        case .edit:
            let remote = unit.remote
            channel.edit(remote, unit.unit, World.value(unit, channel.value(remote, unit.unit), step.number))
        case .delete: try delete(unit.entity)
        case .dark: channel.dark.toggle()
        case .callback: try callBack(channel, unit, step.number)
        case .hint: try hint(channel, unit, step.number)
        case .restart: try restart()
        case .kill: try kill()
        case .backup: backup = (try store.image(restored: false, surroundings: surroundings), oracle.memory(of: store.life.generation))
        case .restore: try restore()
        case .keep: channelBackups[step.channel] = (channel.backup(), oracle.snapshot(channel.id, units: World.units))
        case .rewind:
            // What became of a shop before anybody had met it is no news to anybody.
            guard channel.isMet, let kept = channelBackups[step.channel] else { break }
            channel.rewind(to: kept.data)
            oracle.reset(channel.id, to: kept.seen, units: World.units)
        case .relink:
            guard channel.isMet else { break }
            channel.relink()
            oracle.reset(channel.id, to: [:], units: World.units)
        case .bury: try bury(unit, behind: channel, step)
        case .poison: try poison(channel, channels[(step.channel + 1) % channels.count], unit, step.number)
        case .trade: try trade(step.number)
        case .oversell: try oversell(channel, step.number)
        case .platform: try platforms?.act(step.number)
        case .jump: clock.jump(by: .seconds([-600, -30, 45, 7_200][step.number % 4]))
        }
        try pass(.milliseconds(Int64(step.pause)))
    }

    /// What nobody may do to something buried is an answer, not a fault of the run.
    private func attempt(_ body: @escaping @Sendable (Writing) throws(StoreError) -> Void) throws {
        do { try write(body) } catch let error as StoreError {
            switch error {
            case .notFound, .contradiction: return
            default: throw error
            }
        }
    }

    private func delete(_ entity: EntityRef) throws {
        try attempt { writing throws(StoreError) in
            _ = try writing.apply(
                UnitWrite(UnitRef(entity, .life), ["state": "deleted"], author: "operator", origin: .api))
        }
    }

    /// Something is deleted and old enough to be buried, and one channel has not heard of it yet.
    private func bury(_ unit: UnitRef, behind channel: SimulatedChannel, _ step: Step) throws {
        let wasDark = channel.dark
        channel.dark = true
        try delete(unit.entity)
        try pass(.seconds(90))
        try writeUnit(World.units[(step.unit + 5) % World.unitCount], 2_000 + step.number)
        try write { writing throws(StoreError) in _ = try writing.bury(olderThan: .seconds(60)) }
        // What is buried was deleted longer ago than anybody keeps backups.
        channelBackups.removeAll()
        channel.dark = wasDark
    }

    func writeUnit(_ unit: UnitRef, _ number: Int) throws {
        let current = try read { reading throws(StoreError) in try reading.live(unit) }
        let value = World.value(unit, current, number)
        try attempt { writing throws(StoreError) in
            _ = try writing.apply(UnitWrite(unit, value, author: "operator", origin: .api))
        }
    }

    /// A signed callback as it stands in the inbox after its door: kept first, answered then.
    private func callBack(_ channel: SimulatedChannel, _ unit: UnitRef, _ number: Int) throws {
        channel.edit(unit.remote, unit.unit, World.value(unit, channel.value(unit.remote, unit.unit), number))
        try announce(unit, at: channel, number)
    }

    private func hint(_ channel: SimulatedChannel, _ unit: UnitRef, _ number: Int) throws {
        let wasDark = channel.dark
        channel.dark = true
        channel.editUntold(unit.remote, unit.unit, World.value(unit, channel.value(unit.remote, unit.unit), number))
        try announce(unit, at: channel, number)
        try pass(.seconds(2))
        guard violations.isEmpty else { return }
        if number % 2 == 0 { try kill() } else { try restart() }
        channel.dark = wasDark
    }

    private func announce(_ unit: UnitRef, at channel: SimulatedChannel, _ number: Int) throws {
        let id = channel.id
        let body: JSON = [
            "type": "changed",
            "data": ["entities": [["kind": .string(unit.entity.kind.rawValue), "id": .string(unit.entity.id.text)]]],
        ]
        for _ in 0...(number % 2) {
            try write { writing throws(StoreError) in
                _ = try writing.receive(
                    try writing.reading.requireChannel(id), event: "msg_\(number)", body: body.bytes)
            }
        }
        callbacks += 1
        engine.inbox.signal.bump()
    }

    private func restore() throws {
        guard let backup else { return }
        try kill(restoring: backup.store)
        oracle.rewindHub(to: backup.memory, generation: store.life.generation)
        callbacks = 0
        platforms?.door.forget()
    }

    /// One channel cannot take one unit and another is away: nothing else may wait for either.
    private func poison(_ ill: SimulatedChannel, _ away: SimulatedChannel, _ unit: UnitRef, _ number: Int) throws {
        let kept = channels.map { ($0.habits, $0.dark) }
        try heal()
        // Something new for everybody: who still waits after his own bad times is not held up by others. Of every
        // entity, because what was deleted takes nothing.
        for index in [0, 4, 8, 12] { try writeUnit(World.units[index], 1_010 + number * 20 + index) }
        violations += try settle(Plan.settlingMax, isReviving: true).map { .unsettled("before anything was poisoned: \($0)") }
        guard violations.isEmpty else { return }
        ill.poison = (unit.unit, unit.remote, number % 2 == 0 ? .defers : .fails)
        away.dark = true
        try writeUnit(unit, 1_000 + number * 20)
        // At times long enough for the tries to have become rare and the breaker patient.
        try pass(.seconds(number % 3 == 0 ? 600 : 45))
        for index in [1, 5, 9] { try writeUnit(World.units[(step(unit) + index) % World.unitCount], 1_000 + number * 20 + index) }
        try pass(.seconds(30))
        let well = channels.filter { $0.id != ill.id && $0.id != away.id }
        violations += try differences(of: well).map { .heldUp("while \(away.id) was dark: \($0)") }
        guard violations.isEmpty else { return }
        violations += try settle(.seconds(1_800), of: [ill], but: unit).map { .heldUp("behind \(unit): \($0)") }
        ill.poison = nil
        for (channel, (habits, dark)) in zip(channels, kept) {
            channel.habits = habits
            channel.dark = dark
        }
        try platforms?.fall()
    }

    private func step(_ unit: UnitRef) -> Int { World.units.firstIndex(of: unit) ?? 0 }

    /// Nothing goes wrong from now on, and operators let what was refused be tried again.
    func heal() throws {
        try platforms?.heal()
        for channel in channels {
            channel.habits = SimulatedChannel.Habits()
            channel.dark = false
            channel.poison = nil
        }
    }

    func reviveDead() throws {
        let ids = channels.map(\.id)
        try write { writing throws(StoreError) in
            for id in ids { _ = try writing.retryNow(try writing.reading.requireChannel(id), state: .dead) }
        }
        for id in ids { engine.wake(id) }
    }

    /// A value that no other step makes.
    static func value(_ unit: UnitRef, _ current: JSON?, _ number: Int) -> JSON {
        switch unit.unit.family {
        case "brand": return ["name": .string("brand \(number)")]
        case "tags":
            var tags = current?.array ?? []
            // A full list loses one, too: an edit that changes nothing cannot be seen by anybody.
            if !tags.isEmpty, number % 3 == 0 || tags.count > 5 { tags.remove(at: number / 3 % tags.count) }
            return .array(tags + [.string("t\(number)")])
        case "price": return ["amount": .integer(Int64(1_000 + number))]
        // Spelled out: the unit's normal form leaves an absent parent away.
        case "place": return ["parent": .null, "position": .integer(Int64(number))]
        default:
            var object = current?.object ?? JSONObject()
            if object["title"] == nil || number % 2 == 0 {
                object["title"] = .string("\(number) is the title of the goods")
            } else {
                object["brief"] = .string("\(number) in brief")
            }
            return .object(object)
        }
    }
}

extension UnitRef {
    var remote: RemoteRef { RemoteRef(kind: entity.kind, id: entity.id.text) }
}
