import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension HealthCheck {
    static let driftChecks = [
        HealthCheck(
            9, "drift", "whether each channel still holds what it last agreed to, for the newest few entities",
            reach: .network, patience: .seconds(30), examine: drift),
        HealthCheck(
            24, "comparison", "when each channel was last compared as a whole, and whether what was found is put right",
            examine: comparison),
    ]

    @Sendable private static func comparison(_ patient: Patient) async throws -> Examination {
        guard patient.inner != nil else { return .skipped("no daemon answers, so nothing is compared") }
        let every = patient.configuration.reconcile.every
        let records = patient.channels.compactMap(\.record).filter {
            $0.state == .active && !$0.observing && $0.settings["endpoint"]?.string != nil
        }
        let now = patient.now
        let found = try await patient.reading { reading throws(StoreError) in
            var rows: [(record: ChannelRecord, status: ReconciliationStatus)] = []
            for record in records {
                rows.append((record, try ReconciliationStatus(record, every: every, reading, at: now)))
            }
            return rows
        }
        var symptoms: [Symptom] = []
        for (record, status) in found {
            if status.isOverdue {
                let since = status.finishedAt.map { "for \(Age.text(seconds: (now - $0).components.seconds))" } ?? "yet"
                symptoms.append(
                    Symptom(
                        .warning, "\(record.id) has not been compared as a whole \(since)", next: "heyi reconcile \(record.id)"))
            }
            if status.stuck > 0 {
                symptoms.append(
                    Symptom(
                        .warning, "\(status.stuck) differences found at \(record.id) are not put right",
                        next: "heyi reconcile \(record.id) --report --open"))
            }
        }
        let oldest = found.map { now - ($0.status.finishedAt ?? $0.record.createdAt) }.max() ?? .zero
        return Examination(
            "\(found.count) channels",
            [
                "channels": .integer(Int64(found.count)), "open": .integer(Int64(found.reduce(0) { $0 + $1.status.open })),
                "oldest_seconds": .integer(oldest.components.seconds),
            ], symptoms)
    }

    @Sendable private static func drift(_ patient: Patient) async throws -> Examination {
        guard patient.store != nil else { return .skipped("the store cannot be read") }
        let found = await patient.asked { channel in await comparison(channel, patient) }
        var symptoms: [Symptom] = []
        for (channel, outcome) in found where outcome.different > 0 {
            symptoms.append(
                Symptom(
                    .warning,
                    "\(outcome.different) of \(outcome.compared) units differ at \(channel.id): edited there and not yet pulled, or lost there",
                    next: "heyi channel resync \(channel.id)"))
        }
        let compared = found.reduce(0) { $0 + $1.answer.compared }
        let different = found.reduce(0) { $0 + $1.answer.different }
        return Examination(
            "\(compared) units compared",
            [
                "compared": .integer(Int64(compared)), "different": .integer(Int64(different)),
                "channels": .integer(Int64(found.count)),
            ], symptoms)
    }

    /// - Returns: nil for a channel that cannot be compared now; when that is a fault, other checks tell it.
    private static func comparison(_ channel: KnownChannel, _ patient: Patient) async -> (compared: Int, different: Int)? {
        guard let record = channel.record, record.state == .active, !record.observing,
            case .success(let capabilities)? = await patient.prober.greet(channel)
        else { return nil }
        do {
            let sample = try await patient.reading { reading throws(StoreError) in
                try DriftSample(reading, record, capabilities)
            }
            guard !sample.units.isEmpty else { return (0, 0) }
            guard let shown = try await patient.prober.held(sample.entities, by: channel) else { return nil }
            return (sample.units.count, sample.units.count { !$0.agrees(shown) })
        } catch {
            return nil
        }
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
