package import Commerce
import GRDB

/// How far one direction of one channel has certainly come.
package struct Cursor: Sendable {
    package enum Direction: String, Sendable { case push, pull }

    /// For pushes: everything up to here is acknowledged, excepted or superseded.
    package let position: Int64
    /// For pulls: the channel's own cursor.
    package let remote: String?
    package let movedAt: Timestamp
}

extension Reading {
    package func cursor(_ channel: ChannelRecord, _ direction: Cursor.Direction) throws(StoreError) -> Cursor {
        let cursor = try perform { db in
            try db.first("SELECT position, remote, moved_at FROM cursor WHERE channel = ? AND direction = ?") { parameters in
                parameters.set(1, channel.number)
                parameters.set(2, direction.rawValue)
            } _: { row in
                Cursor(
                    position: try row.integer(0), remote: try row.textIfAny(1),
                    movedAt: Timestamp(milliseconds: try row.integer(2)))
            }
        }
        guard let cursor else { throw .corrupt("channel \(channel.id) has no \(direction.rawValue) cursor") }
        return cursor
    }
}

extension Writing {
    /// Moves a push cursor over a prefix that is wholly accounted for.
    ///
    /// - Throws: `.contradiction` when it would go back or past the feed; that is our bug, and is refused.
    package func advance(_ channel: ChannelRecord, to position: Int64) throws(StoreError) {
        let held = try reading.cursor(channel, .push)
        guard position >= held.position, position <= desk.sequence else {
            throw .contradiction(
                "the push cursor of \(channel.id) cannot move from \(held.position) to \(position); the feed ends at \(desk.sequence)")
        }
        guard position > held.position else { return }
        try perform { db in
            try db.run("UPDATE cursor SET position = ?, moved_at = ? WHERE channel = ? AND direction = 'push'") { row in
                row.set(1, position)
                row.set(2, desk.surroundings.time.now().milliseconds)
                row.set(3, channel.number)
            }
        }
    }

    /// Remembers a channel's own cursor, with what was pulled before it, in one transaction.
    package func setPullCursor(_ channel: ChannelRecord, _ remote: String?) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE cursor SET remote = ?, moved_at = ? WHERE channel = ? AND direction = 'pull'") { row in
                row.set(1, remote)
                row.set(2, desk.surroundings.time.now().milliseconds)
                row.set(3, channel.number)
            }
        }
    }
}
