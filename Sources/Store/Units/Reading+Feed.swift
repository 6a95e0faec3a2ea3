package import Commerce
import GRDB

/// A stretch of the feed: each unit once, at its newest change, in commit order.
package struct FeedPage: Sendable {
    package let changes: [Change]
    /// What has no versions and moved in the same stretch, in the same order.
    package let moves: [Moved]
    /// Everything up to and including this sequence is in `changes` or `moves`, or superseded by something in it or later.
    package let through: Int64
    /// The newest sequence there is.
    package let newest: Int64
}

extension Reading {
    /// The units whose newest change lies past `position`, oldest first.
    ///
    /// A unit changed ten times since is read once, at the tenth; so a reader that was
    /// away for a day reads what there is, not what happened.
    package func feed(after position: Int64, limit: Int) throws(StoreError) -> FeedPage {
        let newest = try newestSequence()
        var changes = try perform { db in
            try db.all(Reading.feedPage) { parameters in
                parameters.set(1, position)
                parameters.set(2, Int64(limit))
            } _: { try Change($0, directory) }
        }
        var through = changes.count < limit ? max(newest, position) : changes.last?.sequence ?? position
        let moves = try moves(after: position, through: through, limit: limit)
        if moves.count == limit, let last = moves.last {
            through = last.sequence
            changes.removeAll { $0.sequence > through }
        }
        return FeedPage(changes: changes, moves: moves, through: through, newest: newest)
    }

    private static let feedPage = """
        SELECT \(Change.columns), entity.kind, entity.id FROM unit
        JOIN change ON change.seq = unit.seq JOIN entity ON entity.num = unit.entity
        WHERE unit.seq > ? ORDER BY unit.seq LIMIT ?
        """

    package func newestSequence() throws(StoreError) -> Int64 {
        try perform { db in
            try Int64.fetchOne(db.cachedStatement(sql: Migration.newestSequence)) ?? 0
        }
    }

    /// How many units wait past a position, and since when the oldest of them has.
    package func lag(after position: Int64) throws(StoreError) -> (units: Int, oldest: Timestamp?) {
        try perform { db in
            let units =
                try Int.fetchOne(
                    db.cachedStatement(sql: "SELECT count(*) FROM unit WHERE seq > ?"), arguments: [position]) ?? 0
            let oldest = try Int64.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT change.at FROM unit JOIN change ON change.seq = unit.seq
                        WHERE unit.seq > ? ORDER BY unit.seq LIMIT 1
                        """), arguments: [position])
            return (units, oldest.map { Timestamp(milliseconds: $0) })
        }
    }
}
