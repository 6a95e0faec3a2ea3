import Commerce
import Store

extension StoreStatusSource {
    private static let roundMax = 200
    /// Events that a change in the store tells already.
    private static let toldByChanges: Set<String> = ["observed"]

    func log(_ order: LogOrder) async throws(DeskError) -> LogPart {
        let events = journal.events(past: nil, limit: .max)
        let kept = try await store.consult { reading throws(StoreError) in
            let acts = try reading.auditEntries(
                since: order.since, subject: order.channel.map { "channel/\($0)" }, limit: order.limit)
            let changes = try reading.changes(since: order.since, of: order.channel, limit: order.limit)
            return (
                entries: acts.map { LogEntry($0) } + changes.map { LogEntry($0, by: reading.author(of: $0)) },
                act: try reading.auditEntries(limit: 1).first?.number ?? 0, change: try reading.newestSequence()
            )
        }
        let since = order.since ?? Timestamp(milliseconds: .min)
        let entries = StoreStatusSource.merged(kept.entries, events.filter { $0.at >= since }, of: order.channel)
        return LogPart(
            entries: Array(entries.suffix(order.limit)),
            place: LogPlace(audit: kept.act, change: kept.change, event: events.last?.number ?? 0))
    }

    func log(past place: LogPlace, of channel: ChannelID?) async throws(DeskError) -> LogPart {
        var place = place
        // Events are counted from 1 again by each process.
        if let newest = journal.events(past: nil, limit: 1).last?.number, place.event > newest { place.event = 0 }
        let events = journal.events(past: place.event, limit: StoreStatusSource.roundMax)
        let from = place
        let kept = try await store.consult { reading throws(StoreError) in
            let acts = try reading.auditEntries(after: from.audit, limit: StoreStatusSource.roundMax)
            let changes = try reading.changes(after: from.change, limit: StoreStatusSource.roundMax)
            return (
                entries: acts.map { LogEntry($0) } + changes.map { LogEntry($0, by: reading.author(of: $0)) },
                act: acts.last?.number ?? from.audit, change: changes.last?.sequence ?? from.change
            )
        }
        return LogPart(
            entries: StoreStatusSource.merged(kept.entries, events, of: channel),
            place: LogPlace(audit: kept.act, change: kept.change, event: events.last?.number ?? place.event))
    }

    private static func merged(_ kept: [LogEntry], _ events: [StatusEvent], of channel: ChannelID?) -> [LogEntry] {
        let told = events.filter { !toldByChanges.contains($0.code) }.map { LogEntry($0) }
        return (kept + told).filter { channel == nil || $0.channel == channel }.sorted { left, right in
            (left.at.milliseconds, left.origin.rawValue, left.number) < (right.at.milliseconds, right.origin.rawValue, right.number)
        }
    }
}

extension LogEntry {
    init(_ act: AuditEntry) {
        let channel = act.subject.hasPrefix("channel/") ? ChannelID(String(act.subject.dropFirst("channel/".count))) : nil
        self.init(
            origin: .audit, number: act.number, at: act.at, code: act.action, channel: channel,
            entity: EntityRef(act.subject), by: act.principal,
            text: "\(act.action) \(act.subject)\(act.detail.isEmpty ? "" : ": \(act.detail)")")
    }

    init(_ change: Change, by channel: ChannelID?) {
        let verb =
            switch change.origin {
            case .resolution: "decided"
            case .policy: "said again"
            case .api, .import, .channel: change.value == nil ? "deleted" : "set"
            }
        let outcome = change.prevailed ? "" : "; another value is live"
        self.init(
            origin: .change, number: change.sequence, at: change.at, code: "change", channel: channel,
            entity: change.unit.entity, by: change.author,
            text: "\(change.unit.unit) \(verb)\(change.reason.map { ": \($0)" } ?? ""), change \(change.sequence)\(outcome)")
    }

    init(_ event: StatusEvent) {
        self.init(
            origin: .event, number: event.number, at: event.at, level: event.level, code: event.code,
            channel: event.channel, entity: event.entity, text: event.text)
    }
}
