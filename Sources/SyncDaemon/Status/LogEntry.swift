import Commerce

/// One line of `heyi log`: an act of an operator, a change of a unit, or what the daemon decided or met.
struct LogEntry: Hashable, Sendable {
    enum Origin: String, Sendable, CaseIterable {
        /// Kept in the audit, for ever.
        case audit
        /// Kept in the feed, as long as its entity.
        case change
        /// Kept in memory, the newest thousand.
        case event
    }

    var origin: Origin
    /// Counts up within its origin; that of an event begins anew with the process.
    var number: Int64
    var at: Timestamp
    var level: StatusEvent.Level = .info
    /// Stable word for what happened: `change`, `channel.pause`, `push_failed`.
    var code: String
    var channel: ChannelID?
    var entity: EntityRef?
    /// Who did it; nil for the daemon itself.
    var by: String?
    /// For people, in English; no payload, no secret.
    var text: String

    var json: JSON {
        [
            "origin": .string(origin.rawValue), "number": .integer(number), "at": .integer(at.milliseconds),
            "level": .string(level.rawValue), "code": .string(code), "channel": channel.map { .string($0.text) } ?? .null,
            "entity": entity.map { .string($0.description) } ?? .null, "by": by.map(JSON.string) ?? .null,
            "text": .string(text),
        ]
    }
}

/// How far a log was read: past which act, change and event.
struct LogPlace: Hashable, Sendable {
    var audit: Int64 = 0
    var change: Int64 = 0
    var event: Int64 = 0

    init(audit: Int64 = 0, change: Int64 = 0, event: Int64 = 0) {
        self.audit = audit
        self.change = change
        self.event = event
    }

    /// - Returns: nil for what ``text`` did not write.
    init?(_ text: String) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == 3, let audit = numbers[0], let change = numbers[1], let event = numbers[2],
            min(audit, change, event) >= 0
        else { return nil }
        self.init(audit: audit, change: change, event: event)
    }

    var text: String { "\(audit).\(change).\(event)" }
}

/// Which part of the log is asked for.
struct LogOrder: Hashable, Sendable {
    var since: Timestamp?
    var channel: ChannelID?
    var limit: Int
}

/// A stretch of the log, newest last.
struct LogPart: Hashable, Sendable {
    var entries: [LogEntry]
    /// Where the next stretch begins.
    var place: LogPlace

    var json: JSON { ["data": .array(entries.map(\.json)), "place": .string(place.text)] }
}
