package import Commerce
import GRDB

/// A stretch of the feed: each unit once, at its newest change, in commit order.
package struct FeedPage: Sendable {
    package let changes: [Change]
    /// Everything up to and including this sequence is in `changes` or superseded by something in it or later.
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
        let changes = try perform { db in
            try db.all(Reading.feedPage) { parameters in
                parameters.set(1, position)
                parameters.set(2, Int64(limit))
            } _: { try Change($0, directory) }
        }
        let through = changes.count < limit ? max(newest, position) : changes.last?.sequence ?? position
        return FeedPage(changes: changes, through: through, newest: newest)
    }

    private static let feedPage = """
        SELECT \(Change.columns), entity.kind, entity.id FROM unit
        JOIN change ON change.seq = unit.seq JOIN entity ON entity.num = unit.entity
        WHERE unit.seq > ? ORDER BY unit.seq LIMIT ?
        """

    package func newestSequence() throws(StoreError) -> Int64 {
        try perform { db in
            try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(seq) FROM change")) ?? 0
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
