package import Commerce
import ConflictResolution
import Foundation
import GRDB

extension Reading {
    /// Changes looked at for those of one channel.
    private static let lookedAtMax = 20_000

    private static let changesOfAll = """
        SELECT \(Change.columns), entity.kind, entity.id FROM change JOIN entity ON entity.num = change.entity
        """

    /// Every change past `sequence` as it was accepted, oldest first: what happened, not what there is.
    package func changes(after sequence: Int64, limit: Int) throws(StoreError) -> [Change] {
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(sql: Reading.changesOfAll + " WHERE change.seq > ? ORDER BY change.seq LIMIT ?"),
                arguments: [sequence, limit])
        }
        return try changes(rows)
    }

    /// The newest changes before `sequence`, newest first: a page of a log that is read backwards.
    ///
    /// Nothing but the order is indexed, so those of one channel are looked for among the newest 20,000.
    package func changes(
        before sequence: Int64 = .max, since: Timestamp? = nil, of channel: ChannelID? = nil, limit: Int
    ) throws(StoreError) -> [Change] {
        let rows = try perform { db in
            var kept: [Row] = []
            let cursor = try Row.fetchCursor(
                db.cachedStatement(sql: Reading.changesOfAll + " WHERE change.seq < ? ORDER BY change.seq DESC LIMIT ?"),
                arguments: [sequence, channel == nil ? limit : Reading.lookedAtMax])
            while kept.count < limit, let row = try cursor.next() {
                if let since, (row[9] as Int64) < since.milliseconds { break }
                if channel == nil || author(row) == channel { kept.append(row.copy()) }
            }
            return kept
        }
        return try changes(rows)
    }

    /// The channel that made a change; nil for the hub.
    package func author(of change: Change) -> ChannelID? { channel(identity(of: change.dot.actor)) }

    private func author(_ row: Row) -> ChannelID? { channel(directory.actor(row[4]).flatMap { directory.identity(of: $0) }) }

    private func channel(_ identity: ActorIdentity?) -> ChannelID? {
        identity.flatMap { $0.role == .channel ? ChannelID($0.name) : nil }
    }

    private func changes(_ rows: [Row]) throws(StoreError) -> [Change] {
        var changes: [Change] = []
        for row in rows { changes.append(try Change(row, entity: try EntityRef(row, at: 17), directory)) }
        return changes
    }
}
