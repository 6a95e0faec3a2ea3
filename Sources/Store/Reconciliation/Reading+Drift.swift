import Commerce
import GRDB

extension Reading {
    /// Evidence of drift, newest first.
    ///
    /// - Parameters:
    ///   - open: only what has not healed, or only what has; nil for both.
    ///   - listing: only of this `kind/id`.
    ///   - number: only what is older than this row.
    package func drift(
        of channel: ChannelRecord? = nil, open: Bool? = nil, listing: String? = nil, before number: Int64 = .max, limit: Int
    ) throws(StoreError) -> [DriftRecord] {
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(DriftRecord.columns) FROM drift
                        WHERE num < ?1 AND (?2 IS NULL OR channel = ?2) AND (?3 IS NULL OR (healed_at IS NULL) = ?3)
                            AND (?4 IS NULL OR listing = ?4)
                        ORDER BY num DESC LIMIT ?5
                        """), arguments: [number, channel?.number, open, listing, limit])
        }
        var records: [DriftRecord] = []
        for row in rows { records.append(try DriftRecord(row)) }
        return records
    }

    /// Whether anything found at a channel has not healed.
    package func hasOpenDrift(_ channel: ChannelRecord) throws(StoreError) -> Bool {
        try perform { db in
            try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT 1 FROM drift WHERE channel = ? AND healed_at IS NULL LIMIT 1"),
                arguments: [channel.number]) ?? false
        }
    }

    /// How much drift of a channel has not healed and waits for nobody's decision.
    package func openDriftCount(_ channel: ChannelRecord) throws(StoreError) -> Int {
        try perform { db in
            try Int.fetchOne(
                db.cachedStatement(
                    sql: "SELECT count(*) FROM drift WHERE channel = ? AND healed_at IS NULL AND remedy <> 'asked'"),
                arguments: [channel.number]) ?? 0
        }
    }
}
