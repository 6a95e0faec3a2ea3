import Commerce

/// Takes callbacks in, raw.
protocol CallbackDesk: Sendable {
    /// Stores the callback and its work row, and returns once both are durable.
    ///
    /// - Throws: ``DeskError/unavailable(_:retryAfter:)`` when it could not be made durable;
    ///   the sender keeps it and sends it again.
    func accept(_ callback: RawCallback) async throws(DeskError) -> CallbackReceipt
}

/// A callback as it came, its signature already found genuine.
struct RawCallback: Hashable, Sendable {
    var channel: ChannelID
    /// The sender's id; the same id is the same message.
    var messageID: String
    var received: Timestamp
    var contentType: String
    var body: [UInt8]
    var traceID: String
}

enum CallbackReceipt: Hashable, Sendable {
    case stored
    /// The same message was stored before; nothing was done.
    case known
    /// The id was used for another body before; this one waits for a person.
    case quarantined
}
