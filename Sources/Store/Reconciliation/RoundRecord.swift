package import Commerce
package import ConflictResolution
import Foundation
import GRDB

/// How far the comparison with one channel has come.
package struct RoundRecord: Sendable {
    /// Counts rounds begun, from 1; 0 before the first.
    package let round: Int64
    /// The hub's ghost of the channel when the round began; another one now means that a resync came in between.
    package let life: ActorIdentity?
    /// nil when no round is under way.
    package let startedAt: Timestamp?
    /// Where in the channel's listing it is; nil at the beginning.
    package let position: String?
    package let figures: JSON
    package let finishedAt: Timestamp?
    package let finishedFigures: JSON
    /// What was found since the beginning, by class.
    package let found: [DriftClass: Int]

    package static let none = RoundRecord()

    private init() {
        round = 0
        life = nil
        startedAt = nil
        position = nil
        figures = [:]
        finishedAt = nil
        finishedFigures = [:]
        found = [:]
    }

    fileprivate init(_ row: Row, _ directory: Directory) throws(StoreError) {
        round = try row.read(0)
        life = try row.read(1, as: Int64?.self).flatMap { directory.actor($0) }.flatMap { directory.identity(of: $0) }
        startedAt = try row.read(2, as: Int64?.self).map { Timestamp(milliseconds: $0) }
        position = try row.read(3)
        finishedAt = try row.read(5, as: Int64?.self).map { Timestamp(milliseconds: $0) }
        do {
            figures = try JSON.parse(try row.read(4, as: String.self))
            finishedFigures = try JSON.parse(try row.read(6, as: String.self))
        } catch {
            throw .corrupt("the figures of a reconciliation: \(error)")
        }
        var found: [DriftClass: Int] = [:]
        for (index, kind) in DriftClass.allCases.enumerated() { found[kind] = try row.read(7 + index) }
        self.found = found
    }
}

extension Reading {
    package func reconciliation(_ channel: ChannelRecord) throws(StoreError) -> RoundRecord {
        let classes = DriftClass.allCases.map(\.rawValue).joined(separator: ", ")
        let row = try perform { db in
            try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT round, life, started_at, position, figures, finished_at, finished_figures, \(classes)
                        FROM reconciliation WHERE channel = ?
                        """), arguments: [channel.number])
        }
        guard let row else { return .none }
        return try RoundRecord(row, directory)
    }
}

extension Writing {
    /// Begins a round from the start; one under way is forgotten.
    package func beginRound(_ channel: ChannelRecord) throws(StoreError) -> RoundRecord {
        try perform { db in
            try db.execute(
                sql: """
                    INSERT INTO reconciliation (channel, round, life, started_at) VALUES (?1, 1, ?2, ?3)
                    ON CONFLICT (channel) DO UPDATE SET round = round + 1, life = excluded.life,
                        started_at = excluded.started_at, position = NULL, figures = '{}'
                    """,
                arguments: [channel.number, desk.directory.number(of: channel.actor.actor), now.milliseconds])
            try db.execute(sql: "DELETE FROM seen WHERE channel = ?", arguments: [channel.number])
        }
        return try reading.reconciliation(channel)
    }

    /// Keeps how far the round under way has come, and which entities its newest page showed.
    package func advanceRound(
        _ channel: ChannelRecord, position: String?, figures: JSON, seen: [EntityRef] = []
    ) throws(StoreError) {
        let round = try reading.reconciliation(channel).round
        for entity in seen {
            guard let number = try reading.entityNumber(entity) else { continue }
            try perform { db in
                try db.cachedStatement(
                    sql: "INSERT INTO seen (channel, entity, round) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET round = excluded.round"
                ).execute(arguments: [channel.number, number, round])
            }
        }
        try perform { db in
            try db.cachedStatement(sql: "UPDATE reconciliation SET position = ?, figures = ? WHERE channel = ?").execute(
                arguments: [position, figures.text, channel.number])
        }
    }

    /// Ends the round under way; `figures` become those of the last complete one unless it was given up.
    package func endRound(_ channel: ChannelRecord, figures: JSON?) throws(StoreError) {
        try perform { db in
            try db.execute(
                sql: """
                    UPDATE reconciliation SET started_at = NULL, position = NULL, figures = '{}',
                        finished_at = CASE WHEN ?1 IS NULL THEN finished_at ELSE ?2 END,
                        finished_figures = coalesce(?1, finished_figures) WHERE channel = ?3
                    """, arguments: [figures?.text, now.milliseconds, channel.number])
            try db.execute(sql: "DELETE FROM seen WHERE channel = ?", arguments: [channel.number])
        }
    }
}
