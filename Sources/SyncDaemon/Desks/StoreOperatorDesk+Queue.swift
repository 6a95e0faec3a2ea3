import Commerce
import Store
import SyncEngine

extension StoreOperatorDesk {
    func queue(_ selection: QueueSelection, _ page: PageRequest) async throws(DeskError) -> Page<QueueRow> {
        let start = try page.number() ?? 0
        let rows = try await store.consult { reading throws(StoreError) in
            try QueueEntry.page(selection, after: start, limit: page.limit + 1, reading).map(\.row)
        }
        return Page(rows, of: page, number: \.id)
    }

    func retry(_ selection: QueueSelection, by principal: Principal) async throws(DeskError) -> Int {
        try await act(selection, "queue.retry", "", by: principal) { writing, entry throws(StoreError) in
            let exception = entry.exception
            let isDead = exception.state == .dead
            // What is revived has all its tries again, or its age would kill it at the first.
            try writing.except(
                entry.channel, exception.unit, state: isDead ? .retrying : exception.state,
                sequence: exception.sequence, operation: exception.operation, attempts: isDead ? 0 : exception.attempts,
                dueAt: writing.now, field: exception.field, error: exception.error)
        }
    }

    func drop(_ selection: QueueSelection, reason: String, by principal: Principal) async throws(DeskError) -> Int {
        try await act(selection, "queue.drop", reason, by: principal) { writing, entry throws(StoreError) in
            try writing.giveUp(entry.channel, entry.exception.unit)
        }
    }

    /// Does the same to all selected rows in one transaction, audited once a channel.
    private func act(
        _ selection: QueueSelection, _ action: String, _ reason: String, by principal: Principal,
        _ body: @escaping @Sendable (Writing, QueueEntry) throws(StoreError) -> Void
    ) async throws(DeskError) -> Int {
        let counts: [(channel: ChannelID, count: Int)] = try await store.change { writing throws(StoreError) in
            var counts: [(channel: ChannelID, count: Int)] = []
            for channel in try QueueEntry.channels(selection, writing.reading) {
                let entries = try QueueEntry.select(selection, of: channel, writing.reading)
                if entries.isEmpty { continue }
                for entry in entries { try body(writing, entry) }
                let rows = entries.map { "\($0.exception.unit)" }
                try writing.audit(
                    principal: principal.name, action: action, subject: "channel/\(channel.id)",
                    detail: StoreOperatorDesk.detail(rows, reason))
                counts.append((channel.id, entries.count))
            }
            return .success(counts)
        }
        for (channel, _) in counts { engine.wake(channel) }
        return counts.reduce(0) { $0 + $1.count }
    }

    private static let namedMax = 20

    private static func detail(_ rows: [String], _ reason: String) -> String {
        let named = rows.prefix(namedMax).joined(separator: ", ")
        let more = rows.count > namedMax ? " and \(rows.count - namedMax) more" : ""
        return "\(rows.count) rows: \(named)\(more)\(reason.isEmpty ? "" : "; \(reason)")"
    }
}

/// A row of a channel's queue with the records it is acted on by.
struct QueueEntry: Sendable {
    let channel: ChannelRecord
    let exception: ChannelException

    /// Room for a channel's number in a row's id.
    private static let channelsMax: Int64 = 4_096

    /// The same for as long as it is about the same change, and no other channel's.
    var id: Int64 { exception.sequence * QueueEntry.channelsMax + channel.number % QueueEntry.channelsMax }

    var row: QueueRow {
        let state: QueueRow.State =
            switch exception.state {
            case .retrying: .retrying
            case .unknown: .unknown
            case .dead: .dead
            }
        return QueueRow(
            id: id, channel: channel.id, entity: exception.unit.entity, unit: exception.unit.unit, state: state,
            attempts: exception.attempts, since: exception.since, nextAttempt: state == .dead ? nil : exception.dueAt,
            lastError: exception.words)
    }

    static func channels(_ selection: QueueSelection, _ reading: Reading) throws(StoreError) -> [ChannelRecord] {
        guard let id = selection.channel else { return try reading.channels() }
        return [try reading.requireChannel(id)]
    }

    /// The next entries after an id, in the order of their ids.
    static func page(
        _ selection: QueueSelection, after id: Int64, limit: Int, _ reading: Reading
    ) throws(StoreError) -> [QueueEntry] {
        let known = try channels(selection, reading)
        let found = try reading.exceptions(
            of: selection.channel == nil ? nil : known.first, state: state(selection),
            after: (id / QueueEntry.channelsMax, id % QueueEntry.channelsMax), limit: limit)
        return found.compactMap { number, exception in
            known.first { $0.number == number }.map { QueueEntry(channel: $0, exception: exception) }
        }
    }

    private static func state(_ selection: QueueSelection) -> ChannelException.State? {
        selection.state.flatMap { ChannelException.State(rawValue: $0.rawValue) }
    }

    static func select(
        _ selection: QueueSelection, of channel: ChannelRecord, _ reading: Reading
    ) throws(StoreError) -> [QueueEntry] {
        let entries = try reading.exceptions(channel, state: state(selection), limit: .max).map {
            QueueEntry(channel: channel, exception: $0)
        }
        guard let ids = selection.ids.map({ Set($0) }) else { return entries }
        return entries.filter { ids.contains($0.id) }
    }
}

extension ChannelException {
    /// What the channel said, the member first where it named one.
    var words: String { field.flatMap { $0.isEmpty ? nil : "\($0): \(error)" } ?? error }
}
