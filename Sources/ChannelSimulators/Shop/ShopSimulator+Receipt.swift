import ChannelAdapters
import Commerce

/// One unit's value on its way in.
struct HubWrite: Sendable {
    let entity: RemoteRef
    let unit: UnitName
    /// nil removes the unit.
    let sent: JSON?
    let clock: SeenCounts
    /// The version the hub believes it replaces.
    let expecting: String?
    let operation: String
}

extension ShopSimulator {
    /// The rule of shops that keep clocks: what covers is taken, what is covered is
    /// answered with what is held, and of two that know nothing of each other the own stays.
    func receiveByClock(_ write: HubWrite) -> Verdict {
        let held = entities[write.entity]?.units[write.unit]
        guard let held else { return store(write) }
        if held.clock.covers(write.clock) {
            return held.clock == write.clock && held.value == write.sent ? .stored : .held(held)
        }
        if write.clock.covers(held.clock) { return store(write) }
        return .listed(.stale, staleMembers(held))
    }

    /// The rule of shops that know versions only: who names the version held may replace it.
    func receiveByVersion(_ write: HubWrite) -> Verdict {
        if dials.comparesAndSwaps, let held = entities[write.entity]?.units[write.unit],
            write.expecting != String(held.version)
        {
            return .listed(.stale, staleMembers(held))
        }
        return store(write)
    }

    private func store(_ write: HubWrite) -> Verdict {
        let value = write.sent.map { dials.stored($0, unit: write.unit) }
        let keepsClocks = face == .deltaWithClocks
        put(HeldUnit(value: value, clock: keepsClocks ? write.clock : SeenCounts()), write.entity, write.unit)
        count(write.operation, write.entity, write.unit, value)
        guard let held = entities[write.entity]?.units[write.unit] else { return .stored }
        if !keepsClocks { log.append(LoggedEdit(entity: write.entity, unit: write.unit, held: held, isOwn: false)) }
        if dials.admitsUndeclared { return keepsClocks && value == write.sent ? .stored : .held(held) }
        var told = held
        told.value = write.sent.map { dials.projection.apply(to: $0, unit: write.unit) }
        return keepsClocks && told.value == write.sent ? .stored : .held(told)
    }

    private func staleMembers(_ held: HeldUnit) -> JSONObject {
        var members = JSONObject()
        describe(held, in: &members)
        return members
    }

    /// Adds what is held of a unit: operation, value, and the causality or version the face has.
    func describe(_ held: HeldUnit, in members: inout JSONObject) {
        members["op"] = held.value == nil ? "delete" : "set"
        members["value"] = held.value
        members["modified"] = .integer(held.updatedAt)
        guard face == .deltaWithClocks else {
            members["version"] = .string(String(held.version))
            return
        }
        members["clock"] = held.context.json
        if let dot = held.dot { members["dot"] = ["actor": .string(dot.actor), "n": .integer(Int64(dot.count))] }
    }
}
