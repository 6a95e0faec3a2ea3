import Commerce

/// A stretch of everything there is, in the order entities were created.
package struct SnapshotPage: Sendable {
    /// The newest change of each live unit; an entity's units are never split over pages.
    package let changes: [Change]
    /// Where the next page begins, nil after the last.
    package let next: Int64?
    /// The newest sequence when the snapshot was begun: where to read the feed on from.
    package let begun: Int64
}

extension Reading {
    /// Reads the live units of the entities numbered past `entityNumber`.
    ///
    /// Pages are read at different moments. What changes in between may be in a page
    /// or not, but it is in the feed after `begun`, which the reader goes on with.
    /// - Parameters:
    ///   - begun: what the first page said; nil for the first page.
    ///   - limit: units after which a page ends at the next entity.
    package func snapshot(
        after entityNumber: Int64 = 0, begun: Int64? = nil, limit: Int
    ) throws(StoreError) -> SnapshotPage {
        let start: Int64
        if let begun { start = begun } else { start = try newestSequence() }
        var changes: [Change] = []
        var last: Int64?
        var full = false
        try perform { db in
            try db.rows(Reading.unitsByEntity) { $0.set(1, entityNumber) } _: { row in
                let number = try row.integer(1)
                if number != last, changes.count >= limit {
                    full = true
                    return false
                }
                last = number
                let change = try Change(row, directory)
                if change.live != nil { changes.append(change) }
                return true
            }
        }
        return SnapshotPage(changes: changes, next: full ? last : nil, begun: start)
    }

    private static let unitsByEntity = """
        SELECT \(Change.columns), entity.kind, entity.id FROM unit
        JOIN change ON change.seq = unit.seq JOIN entity ON entity.num = unit.entity
        WHERE unit.entity > ? ORDER BY unit.entity
        """
}
