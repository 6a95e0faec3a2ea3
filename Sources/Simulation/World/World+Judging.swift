import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension World {
    /// What must hold after every step.
    func observe() throws {
        let (oracle, generation) = (UncheckedBox(oracle), store.life.generation)
        try read { reading throws(StoreError) in try oracle.value.follow(reading, generation: generation) }
        for channel in channels {
            violations += channel.doubledEffects.map { .doubled("\(channel.id) applied \($0) twice") }
            violations += channel.ledger.breaches.map { .breach($0) }
        }
        violations += oracle.value.takeViolations()
        guard violations.isEmpty else { return }
        try observeCursors()
    }

    /// A cursor stands for what the channel has, not for what it was told.
    private func observeCursors() throws {
        let generation = store.life.generation
        // Few units were not where the oracle knows them to be; only those are looked up.
        let open = channels.map { channel in
            World.units.filter { unit in
                oracle.newest(unit).map { !oracle.reached(channel.id, unit, generation: generation, $0) } ?? false
            }
        }
        let asked = Array(zip(channels.map(\.id), open)).filter { !$0.1.isEmpty }
        guard !asked.isEmpty else { return }
        let claims: [(ChannelID, [(UnitRef, Change)])] = try read { reading throws(StoreError) in
            var claims: [(ChannelID, [(UnitRef, Change)])] = []
            for (id, units) in asked {
                let record = try reading.requireChannel(id)
                guard !record.observing else { continue }
                let cursor = try reading.cursor(record, .push)
                var claimed: [(UnitRef, Change)] = []
                for unit in units {
                    guard let head = try reading.head(unit), head.sequence <= cursor.position,
                        try reading.exception(record, unit) == nil,
                        try reading.shadow(record, unit)?.pushing == nil, reading.author(of: head) != id
                    else { continue }
                    claimed.append((unit, head))
                }
                claims.append((id, claimed))
            }
            return claims
        }
        for (id, claimed) in claims {
            guard let channel = channels.first(where: { $0.id == id }) else { continue }
            for (unit, head) in claimed where !oracle.reached(id, unit, generation: generation, head.sequence) {
                guard try !holds(channel, unit, head.liveJSON()), !channel.isEditedOrReset(unit) else { continue }
                violations.append(.cursor("\(id): past change \(head.sequence) of \(unit), which it never got"))
            }
        }
    }

    /// Whether a channel shows a value of the master's as it would show it.
    private func holds(_ channel: SimulatedChannel, _ unit: UnitRef, _ live: JSON?) -> Bool {
        let expected = live.map { channel.shown($0, unit.unit) }
        let held = channel.value(unit.remote, unit.unit)
        if expected == held { return true }
        // One without clocks may go on spelling a value in its own way, and is not pushed the same again for it.
        return !channel.keepsClocks && Likeness.normal(expected, unit) == Likeness.normal(held, unit)
    }

    /// What keeps channels from being in step, empty when all are.
    func differences(of some: [SimulatedChannel]? = nil, but left: UnitRef? = nil) throws -> [String] {
        let (units, entities) = (World.units, World.entities)
        let gateways = Set((platforms?.all ?? []).map(\.id))
        let master: (live: [UnitRef: JSON], gone: Set<EntityRef>, waiting: Int) = try read { reading throws(StoreError) in
            var live: [UnitRef: JSON] = [:]
            var gone: Set<EntityRef> = []
            for entity in entities {
                let life = try reading.live(UnitRef(entity, .life))
                let buried = try reading.isBuried(entity)
                if buried || life?["state"] == "deleted" { gone.insert(entity) }
            }
            for unit in units { live[unit] = try reading.live(unit) }
            var waiting = try reading.inboxFigures().counts[.waiting] ?? 0
            // A gateway's is put off for hours when its platform does not say what it is asked.
            if !gateways.isEmpty, waiting > 0 { waiting = try reading.inbox(state: .waiting, limit: 10_000).count { !gateways.contains($0.channel) } }
            return (live, gone, waiting)
        }
        // Of all channels or of none: a callback does not say whose it is.
        var differences = some == nil && master.waiting > 0 ? ["\(master.waiting) callbacks wait"] : []
        for channel in some ?? channels {
            for unit in units where unit != left {
                if master.gone.contains(unit.entity) {
                    let life = channel.value(unit.remote, .life)
                    if life == nil || life?["state"] == "deleted" { continue }
                    differences.append("\(unit.entity)@\(channel.id): deleted in the master, alive there")
                    continue
                }
                if holds(channel, unit, master.live[unit]) { continue }
                let expected = master.live[unit].map { channel.shown($0, unit.unit) }
                let held = channel.value(unit.remote, unit.unit)
                differences.append(
                    "\(unit)@\(channel.id): master \(expected?.text ?? "-"), channel \(held?.text ?? "-")")
            }
        }
        return differences
    }

    /// What must hold when all is quiet.
    func conclude() throws -> [Violation] {
        let traded = try closeMarket()
        let (oracle, units) = (UncheckedBox(oracle), World.units)
        var found: [Violation] = try read { reading throws(StoreError) in
            var found: [Violation] = []
            var standing: [UnitRef] = []
            for unit in units where try reading.live(UnitRef(unit.entity, .life))?["state"] == "live" { standing.append(unit) }
            found += try oracle.value.conclude(reading, units: standing)
            for finding in try reading.examine() { found.append(.unsound("\(finding)")) }
            return found
        }
        let deleted = Set((plan.steps + plan.later).filter { $0.kind == .delete || $0.kind == .bury }.map { World.units[$0.unit].entity })
        let gone: [EntityRef] = try read { reading throws(StoreError) in
            var gone: [EntityRef] = []
            for entity in World.entities where try reading.live(UnitRef(entity, .life))?["state"] != "live" {
                gone.append(entity)
            }
            return gone
        }
        found += traded
        for entity in gone where !deleted.contains(entity) { found.append(.deletion("\(entity): nobody deleted it")) }
        return found
    }
}

/// Carries what lives on one thread through a closure that runs on that thread.
struct UncheckedBox<T>: @unchecked Sendable {
    // Unchecked because a world and all in it is run by one thread.
    let value: T
    init(_ value: T) { self.value = value }
}
