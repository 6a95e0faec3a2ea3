import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// Compares what a channel shows of a listing with what it should, and tells how a difference came about.
///
/// Decides nothing about values: what is new goes the way of every observation. The rules
/// stand in `docs/operations.md`, with what cannot be told apart.
struct DriftJudge {
    let reading: Reading
    let channel: ChannelRecord
    let settings: ChannelSettings
    let capabilities: Capabilities
    /// What was on its way when the channel was asked; nil where that does not matter.
    var before: ExpectedListing.Unsettled?
    var likeness: Likeness { Likeness(settings: settings, capabilities: capabilities) }

    /// - Parameter observations: all the channel shows of the listing, or that it is absent.
    func judge(_ remote: RemoteRef, _ observations: [Observation]) throws(StoreError) -> DriftVerdict {
        let shown = observations.filter { $0.unit != nil && DriftJudge.value($0) != nil }
        guard let entity = try entity(remote) else { return try unknown(remote, shown) }
        let expected = try ExpectedListing(
            entity, reading, channel: channel, settings: settings, capabilities: capabilities, before: before)
        if expected.isDeleted { return lingering(expected, shown) }
        if shown.isEmpty { return try gone(remote, expected, observations) }
        var verdict = DriftVerdict()
        var names = Set(expected.units.map(\.head.unit.unit))
        for observation in observations {
            if let unit = observation.unit, settings.wants(unit, channel: channel.id, offered: capabilities.families) {
                names.insert(unit)
            }
        }
        for name in names.sorted() {
            let observation = observations.last { $0.unit == name }
            try judge(UnitRef(entity, name), expected.unit(name), observation, into: &verdict)
        }
        return verdict
    }

    static func value(_ observation: Observation?) -> JSON? {
        guard case .value(let value)? = observation?.content, !value.isNull else { return nil }
        return value
    }

    /// The entity a channel means, if the hub knows it.
    func entity(_ remote: RemoteRef) throws(StoreError) -> EntityRef? {
        if let held = try reading.entity(namespace: channel.aliasNamespace, kind: remote.kind, key: remote.id) { return held }
        guard let id = EntityID(remote.id) else { return nil }
        let same = EntityRef(remote.kind, id)
        return try reading.entityNumber(same) == nil ? nil : same
    }

    /// A listing the hub never heard of.
    private func unknown(_ remote: RemoteRef, _ shown: [Observation]) throws(StoreError) -> DriftVerdict {
        guard let first = shown.first else { return DriftVerdict() }
        let told = try shown.map { observation throws(StoreError) in try origin(observation, nil) }
        let kind = told.first { $0.kind == .foreignApplication } ?? told.first { $0.kind == .missedChange } ?? told[0]
        return DriftVerdict(findings: [
            DriftFinding(
                listing: remote.description, unit: nil, kind: kind.kind, reason: "is not known here; \(kind.reason)",
                expected: nil, shown: DriftJudge.value(first), plan: .observe(shown))
        ])
    }

    /// A listing that is deleted here and may still be there.
    private func lingering(_ expected: ExpectedListing, _ shown: [Observation]) -> DriftVerdict {
        guard let life = expected.units.first(where: { $0.head.unit.unit.family == "life" }), !life.isOpen, !shown.isEmpty
        else { return DriftVerdict() }
        let shownLife = shown.first { $0.unit?.family == "life" }
        guard DriftJudge.value(shownLife)?["state"] != "deleted" else { return DriftVerdict() }
        // A channel without clocks that shows the old life has not shown it again: it was never told.
        return DriftVerdict(findings: [
            DriftFinding(
                listing: expected.entity.description, unit: life.head.unit.unit, kind: .lostPush,
                reason: "is deleted here and still there", expected: nil, shown: DriftJudge.value(shownLife),
                plan: .push([life.head]))
        ])
    }

    private func gone(
        _ remote: RemoteRef, _ expected: ExpectedListing, _ observations: [Observation]
    ) throws(StoreError) -> DriftVerdict {
        let due = expected.units.filter { $0.hash(likeness) != nil }
        guard !due.isEmpty, !expected.isAnyOpen else { return DriftVerdict() }
        let life = due.first { $0.head.unit.unit.family == "life" }
        // Who is being asked already is not asked again: what stands meanwhile was sent there, and is gone once more.
        let isAsked = try life.map { due throws(StoreError) in try reading.conflict(of: due.head.unit) != nil } ?? false
        let asks = settings.deletes == .propose && life != nil && !isAsked
        let absent = Observation(entity: remote, unit: nil, content: .absent)
        return DriftVerdict(findings: [
            DriftFinding(
                listing: expected.entity.description, unit: nil, kind: asks ? .manualEdit : .lostPush,
                reason: asks
                    ? "the listing is gone; a removal there looks like a loss, so a person is asked"
                    : isAsked
                        ? "the listing is gone again while a person is asked about it"
                        : "the listing is gone, and removals there count for nothing",
                expected: life?.hash(likeness) ?? due.first?.hash(likeness), shown: nil,
                plan: asks ? .vanish(absent) : .push(due.map(\.head)))
        ])
    }
}
