package import Commerce
import ConflictResolution

extension Reading {
    /// Changes looked at for those of one channel.
    private static let lookedAtMax = 20_000

    private static let changesOfAll = """
        SELECT \(Change.columns), entity.kind, entity.id FROM change JOIN entity ON entity.num = change.entity
        """

    /// Every change past `sequence` as it was accepted, oldest first: what happened, not what there is.
    package func changes(after sequence: Int64, limit: Int) throws(StoreError) -> [Change] {
        try perform { db in
            try db.all(Reading.changesOfAll + " WHERE change.seq > ? ORDER BY change.seq LIMIT ?") { parameters in
                parameters.set(1, sequence)
                parameters.set(2, Int64(limit))
            } _: { try Change($0, directory) }
        }
    }

    /// The newest changes before `sequence`, newest first: a page of a log that is read backwards.
    ///
    /// Nothing but the order is indexed, so those of one channel are looked for among the newest 20,000.
    package func changes(
        before sequence: Int64 = .max, since: Timestamp? = nil, of channel: ChannelID? = nil, limit: Int
    ) throws(StoreError) -> [Change] {
        try perform { db in
            var kept: [Change] = []
            try db.rows(Reading.changesOfAll + " WHERE change.seq < ? ORDER BY change.seq DESC LIMIT ?") { parameters in
                parameters.set(1, sequence)
                parameters.set(2, Int64(channel == nil ? limit : Reading.lookedAtMax))
            } _: { row in
                if let since, try row.integer(9) < since.milliseconds { return false }
                if try channel == nil || author(row) == channel { kept.append(try Change(row, directory)) }
                return kept.count < limit
            }
            return kept
        }
    }

    /// The channel that made a change; nil for the hub.
    package func author(of change: Change) -> ChannelID? { channel(identity(of: change.dot.actor)) }

    private func author(_ row: Columns) throws(StoreError) -> ChannelID? {
        channel(directory.actor(try row.integer(4)).flatMap { directory.identity(of: $0) })
    }

    private func channel(_ identity: ActorIdentity?) -> ChannelID? {
        identity.flatMap { $0.role == .channel ? ChannelID($0.name) : nil }
    }
}
