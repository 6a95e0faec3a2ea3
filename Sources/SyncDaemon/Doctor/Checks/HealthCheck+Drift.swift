import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension HealthCheck {
    static let driftChecks = [
        HealthCheck(
            9, "drift", "whether each channel still holds what it last agreed to, for the newest few entities",
            reach: .network, patience: .seconds(20), examine: drift)
    ]

    @Sendable private static func drift(_ patient: Patient) async throws -> Examination {
        guard patient.store != nil else { return .skipped("the store cannot be read") }
        var symptoms: [Symptom] = []
        var compared = 0
        var different = 0
        var unread = 0
        for channel in patient.channels where channel.isActive && channel.endpoint != nil {
            guard let record = channel.record, !record.observing else { continue }
            // What it takes and how it stores that is its own to say; when it does not, other checks tell why.
            guard case .success(let capabilities)? = await patient.prober.greet(channel) else { continue }
            let sample = try await patient.reading { reading throws(StoreError) in
                try DriftSample(reading, record, capabilities)
            }
            guard !sample.units.isEmpty else { continue }
            let shown: [Observation]
            do throws(ChannelError) {
                guard let held = try await patient.prober.held(sample.entities, by: channel) else { continue }
                shown = held
            } catch {
                unread += 1
                continue
            }
            let off = sample.units.filter { !$0.agrees(shown) }.count
            compared += sample.units.count
            different += off
            guard off > 0 else { continue }
            symptoms.append(
                Symptom(
                    .warning,
                    "\(off) of \(sample.units.count) units differ at \(channel.id): edited there and not yet pulled, or lost there",
                    next: "heyi channel resync \(channel.id)"))
        }
        return Examination(
            "\(compared) units compared",
            ["compared": .integer(Int64(compared)), "different": .integer(Int64(different)), "unread_channels": .integer(Int64(unread))],
            symptoms)
    }
}

/// The newest units a channel has certainly got, with what it must show of them.
private struct DriftSample {
    struct Unit {
        let entity: RemoteRef
        let name: UnitName
        /// Any of these is agreement: as we hold it, or as the channel stores it.
        let values: [JSON?]
        /// For a channel without clocks, what it showed when it last agreed.
        let shadow: Shadow?

        func agrees(_ shown: [Observation]) -> Bool {
            let seen = shown.first { $0.entity == entity && ($0.unit == name || $0.unit == nil) }
            var value: JSON?
            if case .value(let held)? = seen?.content { value = held }
            if values.contains(value) { return true }
            // A channel may spell a value in its own way and mean the same.
            if let value, values.contains(normal(value)) { return true }
            return shadow?.heldHash == ContentHash.of(value)
        }

        private func normal(_ value: JSON) -> JSON? {
            do throws(ValidationFailure) { return try UnitCatalog.definition(entity.kind, name).validate(value) } catch {
                return nil
            }
        }
    }

    private static let changesMax: Int64 = 200
    private static let entitiesMax = 10

    private(set) var units: [Unit] = []
    private(set) var entities: [RemoteRef] = []

    init(_ reading: Reading, _ record: ChannelRecord, _ capabilities: Capabilities) throws(StoreError) {
        let settings = ChannelSettings(json: record.settings)
        guard settings.push else { return }
        let position = try reading.cursor(record, .push).position
        let page = try reading.feed(after: max(0, position - DriftSample.changesMax), limit: Int(DriftSample.changesMax))
        for change in page.changes.reversed() where change.sequence <= position {
            guard settings.wants(change.unit.unit, channel: record.id, offered: capabilities.families),
                change.unit.unit != .life, try !isDeleted(change.unit.entity, reading),
                try reading.exception(record, change.unit) == nil
            else { continue }
            let shadow = try reading.shadow(record, change.unit)
            if shadow?.pushing != nil { continue }
            let remote = try reading.remoteName(change.unit.entity, of: record)
            if !entities.contains(remote) {
                guard entities.count < DriftSample.entitiesMax else { continue }
                entities.append(remote)
            }
            let live = try change.liveJSON()
            let stored = live.map { value in
                settings.projection.apply(to: capabilities.projection.apply(to: value, unit: change.unit.unit), unit: change.unit.unit)
            }
            units.append(Unit(entity: remote, name: change.unit.unit, values: [live, stored], shadow: shadow))
        }
    }

    private func isDeleted(_ entity: EntityRef, _ reading: Reading) throws(StoreError) -> Bool {
        try reading.live(UnitRef(entity, .life))?["state"] == "deleted"
    }
}
