import Commerce

/// One callback in the inbox.
struct InboxRow: Hashable, Sendable {
    enum State: String, Sendable, CaseIterable { case waiting, applied, failed, quarantined }

    var id: Int64
    var channel: ChannelID
    var state: State
    /// The sender's own id of the message.
    var messageID: String
    var received: Timestamp
    var bytes: Int
    var attempts: Int
    var lastError: String?
    var nextAttempt: Timestamp?

    var json: JSON {
        [
            "id": .integer(id), "channel": .string(channel.text), "state": .string(state.rawValue),
            "message_id": .string(messageID), "received_at": .integer(received.milliseconds),
            "bytes": .integer(Int64(bytes)), "attempts": .integer(Int64(attempts)),
            "last_error": lastError.map(JSON.string) ?? .null,
            "next_attempt_at": nextAttempt.map { .integer($0.milliseconds) } ?? .null,
        ]
    }
}

/// One push that did not go well.
struct QueueRow: Hashable, Sendable {
    enum State: String, Sendable, CaseIterable { case retrying, unknown, dead }

    var id: Int64
    var channel: ChannelID
    var entity: EntityRef
    var unit: UnitName?
    var state: State
    var attempts: Int
    var since: Timestamp
    var nextAttempt: Timestamp?
    var lastError: String

    var json: JSON {
        [
            "id": .integer(id), "channel": .string(channel.text), "entity": .string(entity.description),
            "unit": unit.map { .string($0.text) } ?? .null, "state": .string(state.rawValue),
            "attempts": .integer(Int64(attempts)), "since": .integer(since.milliseconds),
            "next_attempt_at": nextAttempt.map { .integer($0.milliseconds) } ?? .null,
            "last_error": .string(lastError),
        ]
    }
}

/// Which rows of the queue are meant; nil members mean any.
struct QueueSelection: Hashable, Sendable {
    var channel: ChannelID?
    var state: QueueRow.State?
    var ids: [Int64]?
}
