package import Commerce
package import ConflictResolution
import GRDB

/// A question the policy left to a person.
package struct Conflict: Sendable {
    package let number: Int64
    package let unit: UnitRef
    package let question: Resolution.Question
    package let openedSequence: Int64
    package let openedAt: Timestamp
    package let resolved: Closing?

    package struct Closing: Sendable {
        package let sequence: Int64
        package let at: Timestamp
        package let by: String
        package let reason: String?
    }
}

extension Reading {
    /// Conflicts, newest first, after (that is, older than) a number.
    package func conflicts(open: Bool, before number: Int64? = nil, limit: Int) throws(StoreError) -> [Conflict] {
        try conflicts(
            """
            (conflict.resolved_seq IS NULL) = ?1 AND (?2 IS NULL OR conflict.num < ?2)
            ORDER BY conflict.num DESC LIMIT ?3
            """, [open, number, limit])
    }

    package func conflict(_ number: Int64) throws(StoreError) -> Conflict? {
        try conflicts("conflict.num = ?", [number]).first
    }

    /// The open conflict of a unit, if it has one.
    package func conflict(of unit: UnitRef) throws(StoreError) -> Conflict? {
        guard let entity = try entityNumber(unit.entity), let name = directory.number(of: unit.unit) else { return nil }
        return try conflicts(
            "conflict.resolved_seq IS NULL AND conflict.entity = ? AND conflict.name = ?", [entity, name]
        ).first
    }

    package func openConflictCount() throws(StoreError) -> Int {
        try perform { db in
            try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM conflict WHERE resolved_seq IS NULL")) ?? 0
        }
    }

    /// Open conflicts by the author of the write that opened them.
    package func openConflictCounts() throws(StoreError) -> [String: Int] {
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT change.author, count(*) FROM conflict JOIN change ON change.seq = conflict.opened_seq
                        WHERE conflict.resolved_seq IS NULL GROUP BY change.author
                        """))
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Int) })
    }

    private func conflicts(_ condition: String, _ arguments: StatementArguments) throws(StoreError) -> [Conflict] {
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT conflict.num, entity.kind, entity.id, conflict.name, conflict.question,
                            conflict.opened_seq, conflict.opened_at, conflict.resolved_seq, conflict.resolved_at,
                            conflict.resolved_by, conflict.reason
                        FROM conflict JOIN entity ON entity.num = conflict.entity WHERE \(condition)
                        """), arguments: arguments)
        }
        return rows.compactMap { row in
            guard let kind = EntityKind(rawValue: row[1]), let id = EntityID(row[2] as String),
                let name = directory.unit(row[3]), let question = Resolution.Question(rawValue: row[4])
            else { return nil }
            var closing: Conflict.Closing?
            if let sequence = row[7] as Int64? {
                closing = Conflict.Closing(
                    sequence: sequence, at: Timestamp(milliseconds: row[8]), by: row[9] ?? "", reason: row[10])
            }
            return Conflict(
                number: row[0], unit: UnitRef(EntityRef(kind, id), name), question: question,
                openedSequence: row[5], openedAt: Timestamp(milliseconds: row[6]), resolved: closing)
        }
    }
}
