import Commerce
import ConflictResolution
import Foundation
import GRDB

extension Reading {
    /// Checks all that must hold between the rows of the store; an empty answer means it does.
    ///
    /// Reads everything once on a reader, beside the writer: seconds for a hundred
    /// thousand units. Stops collecting after `limit` findings a rule.
    package func examine(limit: Int = 20) throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        for rule in Finding.Rule.allCases {
            switch rule {
            case .structure: findings += try examineStructure(limit)
            case .heads: findings += try examineHeads(limit)
            case .chains: findings += try examineChains(limit)
            case .siblings: findings += try examineUnits(limit)
            // Values are read with the siblings of their unit.
            case .values: continue
            case .cursors: findings += try rows(.cursors, Reading.cursorsPastFeed, limit)
            case .conflicts: findings += try rows(.conflicts, Reading.conflictsAmiss, limit)
            case .audit: findings += try examineAudit()
            case .references: findings += try rows(.references, Reading.lostReferences, limit)
            case .stock:
                findings += try stockDifferences(limit: limit).map {
                    Finding(rule: .stock, subject: $0.subject, problem: $0.problem)
                }
            case .entitlements:
                findings += try entitlementDifferences(limit: limit).map {
                    Finding(rule: .entitlements, subject: $0.entitlement, problem: $0.description)
                }
            case .orders:
                findings += try orderDifferences(limit: limit).map {
                    Finding(rule: .orders, subject: "order \($0.order)", problem: $0.problem)
                }
            case .parcels:
                findings += try parcelDifferences(limit: limit).map {
                    Finding(rule: .parcels, subject: "order \($0.order)", problem: $0.problem)
                }
            case .bills:
                findings += try billFaults(limit: limit).map {
                    Finding(rule: .bills, subject: "bill \($0.gateway) \($0.day)", problem: $0.problem)
                }
            }
        }
        return findings
    }

    private func examineStructure(_ limit: Int) throws(StoreError) -> [Finding] {
        let problems = try perform { db in try String.fetchAll(db, sql: "PRAGMA integrity_check(\(limit))") }
        return problems == ["ok"] ? [] : problems.map { Finding(rule: .structure, subject: "heyi.db", problem: $0) }
    }

    private func examineAudit() throws(StoreError) -> [Finding] {
        guard let number = try brokenAuditEntry() else { return [] }
        return [Finding(rule: .audit, subject: "audit \(number)", problem: "does not follow from the entry before it")]
    }

    private func examineHeads(_ limit: Int) throws(StoreError) -> [Finding] {
        try rows(
            .heads,
            """
            SELECT entity, name, 'stands at change ' || seq || ', which is not there or not its own' FROM unit
            WHERE NOT EXISTS (SELECT 1 FROM change
                WHERE change.seq = unit.seq AND change.entity = unit.entity AND change.name = unit.name)
            UNION ALL
            SELECT chain.entity, chain.name, 'does not stand at its newest change ' || chain.newest
            FROM (SELECT entity, name, max(seq) AS newest FROM change GROUP BY entity, name) AS chain
            LEFT JOIN unit ON unit.entity = chain.entity AND unit.name = chain.name
            WHERE unit.seq IS NOT chain.newest
            """, limit)
    }

    /// Runs a query whose rows are (entity, name, problem) of what is amiss.
    func rows(_ rule: Finding.Rule, _ sql: String, _ limit: Int) throws(StoreError) -> [Finding] {
        let found = try perform { db in
            try Row.fetchAll(db, sql: "SELECT * FROM (\(sql)) LIMIT \(limit)").map { row in
                (
                    try row.read(0, as: Int64?.self), try row.read(1, as: Int64?.self),
                    try row.read(2, as: String.self)
                )
            }
        }
        var findings: [Finding] = []
        for (entity, name, problem) in found {
            findings.append(Finding(rule: rule, subject: try subject(entity, name), problem: problem))
        }
        return findings
    }

    func subject(_ entity: Int64?, _ name: Int64?) throws(StoreError) -> String {
        guard let entity else { return "the store" }
        let text = try perform { db in
            try String.fetchOne(
                db.cachedStatement(sql: "SELECT kind || '/' || id FROM entity WHERE num = ?"), arguments: [entity])
        }
        let unit = name.map { directory.unit($0)?.text ?? "unit \($0)" }
        return (text ?? "entity \(entity)") + (unit.map { ":" + $0 } ?? "")
    }

    private static let cursorsPastFeed = """
        WITH feed (newest) AS (\(Migration.newestSequence))
        SELECT NULL, NULL, 'channel ' || channel.id || ' has a push cursor at ' || position || ', past the feed'
        FROM cursor JOIN channel ON channel.num = cursor.channel, feed WHERE direction = 'push' AND position > newest
        UNION ALL SELECT entity, name, 'a channel''s exception is about change ' || seq || ', past the feed'
        FROM exception, feed WHERE seq > newest
        UNION ALL SELECT entity, name, 'a channel''s shadow agrees with change ' || base_seq || ', past the feed'
        FROM shadow, feed WHERE base_seq > newest
        """

    private static let conflictsAmiss = """
        SELECT unit.entity, unit.name, 'its newest change asks for a person, but no conflict is open'
        FROM unit JOIN change ON change.seq = unit.seq
        WHERE change.question IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conflict
            WHERE conflict.entity = unit.entity AND conflict.name = unit.name AND resolved_seq IS NULL)
        UNION ALL
        SELECT conflict.entity, conflict.name, 'its conflict is open, but its newest change asks nothing'
        FROM conflict LEFT JOIN unit ON unit.entity = conflict.entity AND unit.name = conflict.name
        LEFT JOIN change ON change.seq = unit.seq
        WHERE conflict.resolved_seq IS NULL AND change.question IS NULL
        """

    private static let lostReferences = """
        SELECT entity, name, 'belongs to an entity that is not there' FROM unit
        WHERE entity NOT IN (SELECT num FROM entity)
        UNION ALL SELECT entity, NULL, 'is meant by the alias ' || key || ' but is not there' FROM alias
        WHERE entity NOT IN (SELECT num FROM entity)
        UNION ALL SELECT entity, NULL, 'is found by ' || mark || ' but is not there' FROM shelf_mark
        WHERE entity NOT IN (SELECT num FROM entity)
        UNION ALL SELECT entity, name, 'has a change but is not there' FROM change
        WHERE entity NOT IN (SELECT num FROM entity)
        UNION ALL SELECT entity, name, 'is held back for a channel but is not there' FROM exception
        WHERE entity NOT IN (SELECT num FROM entity)
        UNION ALL SELECT entity, name, 'is shadowed for a channel but is not there' FROM shadow
        WHERE entity NOT IN (SELECT num FROM entity)
        UNION ALL SELECT entity.num, NULL, 'is buried, and there as well' FROM entity
        JOIN grave ON grave.kind = entity.kind AND grave.id = entity.id
        """
}
