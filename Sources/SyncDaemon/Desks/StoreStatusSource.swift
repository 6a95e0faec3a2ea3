import Commerce
import Foundation
import Store
import SyncEngine
import Synchronization

/// Makes the one status report out of store and engine.
final class StoreStatusSource: StatusSource {
    let news: NewsSignal
    let store: Store
    private let engine: Engine
    let journal: EventJournal
    /// Nanoseconds of the clock that nobody sets.
    private let started: UInt64
    private let clockStep = Mutex<String?>(nil)
    private let version: String
    private let configuration: Mutex<ConfigurationStatus>

    /// Who knows the accounts; there are none before it is told.
    let gatewayReports = Guarded<@Sendable () async -> [GatewayReport]>({ [] })

    init(store: Store, engine: Engine, journal: EventJournal, version: String) {
        self.store = store
        self.engine = engine
        self.journal = journal
        self.version = version
        let now = store.surroundings.time.now()
        started = store.surroundings.time.monotonicNanoseconds()
        news = journal.news
        configuration = Mutex(ConfigurationStatus(loaded: now, refused: nil))
    }

    /// Notes how a reload went.
    func note(_ refused: String?) {
        let now = store.surroundings.time.now()
        configuration.withLock { status in
            if refused == nil { status.loaded = now }
            status.refused = refused
        }
        news.ring()
    }

    /// Whether the last reload took.
    var configurationStatus: ConfigurationStatus { configuration.withLock { $0 } }

    /// Notes what happened to the host's clock; nil when that is long ago.
    func note(clockStep: String?) {
        self.clockStep.withLock { $0 = clockStep }
        news.ring()
    }

    func events(past number: Int64?, limit: Int) async throws(DeskError) -> [StatusEvent] {
        journal.events(past: number, limit: limit)
    }

    func readiness() async -> [ReadinessCheck] {
        var fault: String?
        do throws(StoreError) { try await store.probe() } catch { fault = error.description }
        return [ReadinessCheck(name: "store writable", fault: fault), ReadinessCheck(name: "migrations", fault: nil)]
    }

    func report() async throws(DeskError) -> StatusReport {
        let workers = await engine.workerStatus()
        let every = await engine.reconcileEvery
        let store = self.store
        let now = store.surroundings.time.now()
        let read = try await atDesk { () async throws(StoreError) in
            try await store.read { reading throws(StoreError) in
                var channels: [ChannelStatus] = []
                let quarrels = try reading.openConflictCounts()
                for record in try reading.channels() {
                    var channel = try ChannelStatus(record, workers[record.id], reading, reconcileEvery: every, at: now)
                    channel.conflictsOpen = quarrels["channel:\(record.id)"] ?? 0
                    channels.append(channel)
                }
                let inbox = try reading.inboxFigures()
                return (
                    channels: channels, inbox: inbox, gateways: try reading.gatewayFigures(), conflicts: try reading.openConflictCount(),
                    entities: try reading.entityCounts().reduce(0) { $0 + $1.count }, head: try reading.newestSequence()
                )
            }
        }
        var fault: String?
        do throws(StoreError) { try await store.probe() } catch { fault = error.description }
        let disk = disk()
        return StatusReport(
            at: now, version: version, uptime: .nanoseconds(Int64(store.surroundings.time.monotonicNanoseconds() - started)), generation: store.life.generation,
            channels: read.channels,
            inbox: InboxStatus(
                waiting: read.inbox.counts[.waiting] ?? 0, quarantined: read.inbox.counts[.quarantined] ?? 0,
                dead: read.inbox.counts[.dead] ?? 0, oldestAge: read.inbox.oldestWaiting.map { now - $0 }),
            store: StoreStatus(
                writable: fault == nil, fault: fault, entities: read.entities, feedHead: read.head,
                fileBytes: bytes(""), logBytes: bytes("-wal"), diskFreeBytes: disk.free, diskBytes: disk.all),
            conflictsOpen: read.conflicts, configuration: configuration.withLock { $0 },
            recent: Array(journal.events(past: nil, limit: 30).reversed()),
            clockStep: clockStep.withLock { $0 }, gateways: await gateways(read.gateways))
    }

    private func gateways(_ figures: GatewayFigures) async -> GatewaysStatus {
        let reports = await gatewayReports.value()
        return GatewaysStatus(
            accounts: reports.map { GatewaysStatus.Account(report: $0, figures: figures.accounts[$0.id.text] ?? GatewayFigures.Account()) },
            figures: figures)
    }

    private func disk() -> (free: Int64, all: Int64) {
        guard case .directory(let path) = store.location else { return (0, 0) }
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return (0, 0) }
        let block = Int64(status.f_frsize)
        return (Int64(status.f_bavail) * block, Int64(status.f_blocks) * block)
    }

    private func bytes(_ suffix: String) -> Int64 {
        guard case .directory(let path) = store.location else { return 0 }
        var status = stat()
        return stat(path + "/heyi.db" + suffix, &status) == 0 ? Int64(status.st_size) : 0
    }
}

extension ChannelStatus {
    /// A channel's status out of what the store keeps and what its worker knows.
    init(
        _ record: ChannelRecord, _ worker: WorkerStatus?, _ reading: Reading, reconcileEvery: Duration?, at now: Timestamp
    ) throws(StoreError) {
        let cursor = try reading.cursor(record, .push)
        let lag = try reading.lag(after: cursor.position)
        let counts = try reading.exceptionCounts(record)
        let visiting = record.settings["endpoint"]?.string == nil
        let breaker: Breaker =
            switch worker?.breaker {
            case .open?: .open
            case .halfOpen?: .halfOpen
            case .closed?, nil: .closed
            }
        self.init(
            id: record.id, kind: record.settings["kind"]?.string ?? "web",
            transport: visiting ? "visiting" : record.settings["protocol"]?.string ?? "delta",
            state: State(rawValue: record.state.rawValue) ?? .active, reason: record.haltReason,
            lagChanges: lag.units, lag: lag.oldest.map { max(.zero, now - $0) } ?? .zero,
            lastSuccess: [worker?.push.lastSuccess, worker?.pull.lastSuccess].compactMap(\.self).max(),
            lastPush: worker?.push.lastSuccess, lastPull: worker?.pull.lastSuccess,
            lastError: worker?.push.lastError ?? worker?.pull.lastError, inFlight: worker?.push.inFlight ?? 0,
            retrying: counts[.retrying] ?? 0, unknown: counts[.unknown] ?? 0, dead: counts[.dead] ?? 0,
            conflictsOpen: 0, breaker: breaker, rateBudget: worker?.rateLevel.map { Int($0 * 100) })
        if !visiting {
            reconciliation = try ReconciliationStatus(record, every: reconcileEvery, reading, at: now)
            reconciliation.cost = worker?.comparing ?? ComparisonTotals()
        }
    }
}
