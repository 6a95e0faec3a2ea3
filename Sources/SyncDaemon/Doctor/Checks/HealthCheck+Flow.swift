import Commerce
import Store
import SyncEngine

extension HealthCheck {
    static let flowChecks = [
        HealthCheck(11, "cursors", "whether each channel's cursor moves while the feed does", examine: cursors),
        HealthCheck(12, "inbox", "callbacks that wait long, were given up or set aside", examine: inbox),
        HealthCheck(14, "queue", "pushes that were given up, or whose outcome is unknown for long", examine: queue),
        HealthCheck(15, "breakers", "channels that are not called because they mostly failed", examine: breakers),
        HealthCheck(16, "conflicts", "how long conflicts have waited for a person", examine: conflicts),
        HealthCheck(25, "observing", "channels that are still looked at before anything is pushed", examine: observing),
        HealthCheck(27, "channels", "channels that are halted or paused", examine: stopped),
    ]

    /// What is younger may well be under way.
    private static let stalledAfter: Duration = .seconds(600)
    private static let observedWithin: Duration = .seconds(3_600)
    private static let decidedWithin: Duration = .seconds(86_400)
    private static let breakerWithin: Duration = .seconds(900)

    @Sendable private static func cursors(_ patient: Patient) async throws -> Examination {
        guard patient.inner != nil else { return .skipped("no daemon answers, so nothing need move") }
        let records = patient.kept { $0.state == .active && !$0.observing && ChannelSettings(json: $0.settings).push }
        let now = patient.now
        let found = try await patient.reading { reading throws(StoreError) in
            var rows: [(record: ChannelRecord, units: Int, waits: Duration, stands: Duration)] = []
            for record in records {
                let cursor = try reading.cursor(record, .push)
                let lag = try reading.lag(after: cursor.position)
                rows.append((record, lag.units, lag.oldest.map { now - $0 } ?? .zero, now - cursor.movedAt))
            }
            return rows
        }
        var symptoms: [Symptom] = []
        for row in found where row.units > 0 && row.waits > stalledAfter && row.stands > stalledAfter {
            let visits = row.record.settings["endpoint"]?.string == nil
            let what = visits ? "has not fetched" : "has not been given"
            symptoms.append(
                Symptom(
                    .warning,
                    "\(row.record.id) \(what) \(row.units) changes; its cursor stands still for \(Age.text(seconds: row.stands.components.seconds))",
                    next: "heyi log --channel \(row.record.id) --since 1h"))
        }
        let waiting = found.reduce(0) { $0 + $1.units }
        return Examination(
            "\(found.count) channels, \(waiting) changes on their way",
            ["channels": .integer(Int64(found.count)), "waiting": .integer(Int64(waiting))], symptoms)
    }

    @Sendable private static func inbox(_ patient: Patient) async throws -> Examination {
        let figures = try await patient.reading { reading throws(StoreError) in try reading.inboxFigures() }
        func count(_ state: InboxItem.State) -> Int { figures.counts[state] ?? 0 }
        var symptoms: [Symptom] = []
        if count(.dead) > 0 {
            symptoms.append(Symptom(.warning, "\(count(.dead)) callbacks were given up", next: "heyi inbox list --state dead"))
        }
        let oldest = figures.oldestWaiting.map { patient.now - $0 } ?? .zero
        if patient.inner != nil, oldest > StatusProblem.inboxAgeMax { symptoms.append(Symptom(.inboxStuck)) }
        if count(.quarantined) > 0 { symptoms.append(Symptom(.quarantined, count: count(.quarantined))) }
        return Examination(
            "\(count(.waiting)) waiting, \(count(.applied)) applied",
            [
                "waiting": .integer(Int64(count(.waiting))), "dead": .integer(Int64(count(.dead))),
                "quarantined": .integer(Int64(count(.quarantined))), "applied": .integer(Int64(count(.applied))),
                "oldest_waiting_seconds": .integer(oldest.components.seconds),
            ], symptoms)
    }

    @Sendable private static func queue(_ patient: Patient) async throws -> Examination {
        let records = patient.kept { _ in true }
        let found = try await patient.reading { reading throws(StoreError) in
            var rows: [(id: ChannelID, counts: [ChannelException.State: Int], oldestUnknown: Timestamp?)] = []
            for record in records {
                rows.append((record.id, try reading.exceptionCounts(record), try reading.oldestException(record, .unknown)))
            }
            return rows
        }
        var symptoms: [Symptom] = []
        var sums: [ChannelException.State: Int] = [:]
        for row in found {
            sums.merge(row.counts, uniquingKeysWith: +)
            if let dead = row.counts[.dead], dead > 0 { symptoms.append(Symptom(.deadLetters, row.id, count: dead)) }
            guard let unknown = row.counts[.unknown], let since = row.oldestUnknown, patient.now - since > stalledAfter else { continue }
            symptoms.append(Symptom(.unknownOutcomes, row.id, count: unknown))
        }
        func sum(_ state: ChannelException.State) -> Int { sums[state] ?? 0 }
        return Examination(
            "\(sum(.retrying)) to be tried again, \(sum(.unknown)) unknown",
            [
                "retrying": .integer(Int64(sum(.retrying))), "unknown": .integer(Int64(sum(.unknown))),
                "dead": .integer(Int64(sum(.dead))),
            ], symptoms)
    }

    @Sendable private static func breakers(_ patient: Patient) async throws -> Examination {
        guard let inner = patient.inner else { return .skipped("no daemon answers") }
        var symptoms: [Symptom] = []
        for channel in patient.channels where channel.isActive {
            guard let worker = inner.workers[channel.id], worker.breaker != .closed else { continue }
            let last = [worker.push.lastSuccess, worker.pull.lastSuccess].compactMap(\.self).max() ?? inner.startedAt
            symptoms.append(
                Symptom(
                    .breakerOpen, channel.id, detail: worker.push.lastError ?? worker.pull.lastError,
                    grade: patient.now - last > breakerWithin ? .warning : .notice))
        }
        return Examination("\(inner.workers.count) closed", ["workers": .integer(Int64(inner.workers.count))], symptoms)
    }

    @Sendable private static func conflicts(_ patient: Patient) async throws -> Examination {
        let (open, oldest) = try await patient.reading { reading throws(StoreError) in
            (try reading.openConflictCount(), try reading.oldestOpenConflict())
        }
        let age = oldest.map { patient.now - $0 } ?? .zero
        var symptoms: [Symptom] = []
        if age > decidedWithin {
            symptoms.append(
                Symptom(
                    .warning, "\(open) conflicts are open, the oldest for \(Age.text(seconds: age.components.seconds))",
                    next: "heyi conflicts list"))
        }
        return Examination(
            "\(open) open", ["open": .integer(Int64(open)), "oldest_seconds": .integer(age.components.seconds)], symptoms)
    }

    @Sendable private static func observing(_ patient: Patient) async throws -> Examination {
        let records = patient.kept { $0.observing && $0.state == .active }
        let found = try await patient.reading { reading throws(StoreError) in
            var rows: [(id: ChannelID, since: Timestamp)] = []
            for record in records { rows.append((record.id, try reading.cursor(record, .push).movedAt)) }
            return rows
        }
        let symptoms = found.filter { patient.now - $0.since > observedWithin }.map { row in
            Symptom(
                .warning,
                "\(row.id) is being looked at for \(Age.text(seconds: (patient.now - row.since).components.seconds)), and nothing is pushed to it before that ends",
                next: "heyi log --channel \(row.id) --since 1h")
        }
        return Examination("\(found.count) channels", ["observing": .integer(Int64(found.count))], symptoms)
    }

    @Sendable private static func stopped(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        for channel in patient.channels {
            switch channel.record?.state {
            case .halted: symptoms.append(Symptom(.channelHalted, channel.id, detail: channel.record?.haltReason))
            case .paused: symptoms.append(Symptom(.channelPaused, channel.id))
            case .active, .retired, nil: continue
            }
        }
        let active = patient.channels.count { $0.record?.state == .active }
        return Examination("\(active) active", ["active": .integer(Int64(active))], symptoms)
    }
}

extension Patient {
    /// Records of channels that are not gone for good and of which `holds` is true.
    fileprivate func kept(_ holds: (ChannelRecord) -> Bool) -> [ChannelRecord] {
        channels.filter(\.isKept).compactMap(\.record).filter(holds)
    }
}
