import Commerce
import Store
import SyncEngine

/// How the comparison with one channel goes.
struct ReconciliationStatus: Hashable, Sendable {
    var round: Int64 = 0
    var isRunning = false
    var finishedAt: Timestamp?
    /// nil where nothing is compared unasked.
    var dueAt: Timestamp?
    var isOverdue = false
    /// Differences that are not put right yet and wait for nobody's answer.
    var open = 0
    /// Of them, those that have been so for longer than pushing should take.
    var stuck = 0
    /// All that was ever found.
    var found: [DriftClass: Int] = [:]
    /// The figures of the last complete round.
    var last: RoundFigures?
    /// What comparing has cost since the channel was connected.
    var cost = ComparisonTotals()

    /// Healing is a push or a pull: after this time something is wrong with it.
    static let healingMax: Duration = .seconds(900)
    /// A round that begins late is none; one that is late by as much again is.
    static let lateness = 2

    init() {}

    init(_ record: ChannelRecord, every: Duration?, _ reading: Reading, at now: Timestamp) throws(StoreError) {
        let known = try reading.reconciliation(record)
        round = known.round
        isRunning = known.startedAt != nil
        finishedAt = known.finishedAt
        let since = known.finishedAt ?? record.createdAt
        dueAt = every.map { since + $0 }
        isOverdue = every.map { now > since + $0 * ReconciliationStatus.lateness } ?? false
        open = try reading.openDriftCount(record)
        if open > 0 {
            stuck = try reading.drift(of: record, open: true, limit: 1_000).count {
                $0.remedy == .refused || $0.remedy != .asked && now - $0.foundAt > ReconciliationStatus.healingMax
            }
        }
        found = known.found
        last = known.finishedAt == nil ? nil : RoundFigures(json: known.finishedFigures)
    }

    var json: JSON {
        var found = JSONObject()
        for kind in DriftClass.allCases { found[kind.rawValue] = .integer(Int64(self.found[kind] ?? 0)) }
        return [
            "round": .integer(round), "running": .bool(isRunning),
            "finished_at": finishedAt.map { .integer($0.milliseconds) } ?? .null,
            "due_at": dueAt.map { .integer($0.milliseconds) } ?? .null, "overdue": .bool(isOverdue),
            "open": .integer(Int64(open)), "stuck": .integer(Int64(stuck)), "found": .object(found),
            "last": last?.json ?? .null,
            "requests_total": .integer(Int64(cost.requests)), "listings_total": .integer(Int64(cost.listings)),
            "bytes_total": .integer(cost.bytes),
        ]
    }
}
