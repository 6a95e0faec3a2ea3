import Commerce

/// One thing the daemon decided or met; what `heyi log -f` follows.
struct StatusEvent: Hashable, Sendable {
    enum Level: String, Sendable, CaseIterable { case info, warning, error }

    /// Counts up and survives restarts no better than the process does: a resume point, not a name.
    var number: Int64
    var at: Timestamp
    var level: Level
    /// Stable word for what happened: `pushed`, `push_failed`, `conflict_opened`.
    var code: String
    var channel: ChannelID?
    var entity: EntityRef?
    /// For people, in English; no payload, no secret.
    var text: String
    var traceID: String?

    var json: JSON {
        [
            "number": .integer(number), "at": .integer(at.milliseconds), "level": .string(level.rawValue),
            "code": .string(code), "channel": channel.map { .string($0.text) } ?? .null,
            "entity": entity.map { .string($0.description) } ?? .null, "text": .string(text),
            "trace_id": traceID.map(JSON.string) ?? .null,
        ]
    }
}
