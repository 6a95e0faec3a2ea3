import Commerce
import Foundation
import GRDB

extension Writing {
    /// Rows of evidence kept for a channel; the oldest healed ones go first.
    package static let driftMax = 10_000
    /// Of what a channel showed, this much is kept.
    private static let shownMax = 4_096

    /// Keeps one piece of evidence. The same place found again while it is open is the same drift.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    package func note(_ drift: DriftFound, at channel: ChannelRecord, round: Int64) throws(StoreError) -> Bool {
        let now = self.now.milliseconds
        let shown = drift.shown.map { Data($0.prefix(Writing.shownMax)) }
        let expected = drift.expected.map { Data($0) }
        return try perform { db in
            try db.cachedStatement(
                sql: """
                    UPDATE drift SET round = ?, class = ?, reason = ?, expected = ?, shown = ?, remedy = ?, healing = ?
                    WHERE channel = ? AND listing = ? AND unit IS ? AND healed_at IS NULL
                    """
            ).execute(arguments: [
                round, drift.kind.rawValue, drift.reason, expected, shown, drift.remedy.rawValue, drift.healing,
                channel.number, drift.listing, drift.unit?.text,
            ])
            guard db.changesCount == 0 else { return false }
            try db.cachedStatement(
                sql: """
                    INSERT INTO drift (channel, listing, unit, round, class, reason, expected, shown, remedy, healing,
                        found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                channel.number, drift.listing, drift.unit?.text, round, drift.kind.rawValue, drift.reason, expected,
                shown, drift.remedy.rawValue, drift.healing, now,
            ])
            try db.execute(
                sql: """
                    INSERT INTO reconciliation (channel, \(drift.kind.rawValue)) VALUES (?, 1)
                    ON CONFLICT (channel) DO UPDATE SET \(drift.kind.rawValue) = \(drift.kind.rawValue) + 1
                    """, arguments: [channel.number])
            return true
        }
    }

    /// Notes what has healed meanwhile: what was pushed or taken up has reached the channel,
    /// what was asked has been answered, what was refused has not been found again.
    ///
    /// - Parameter before: the round from which on what was not found again is gone; nil for no such round.
    /// - Returns: how many rows healed.
    @discardableResult
    package func settleDrift(_ channel: ChannelRecord, goneBefore round: Int64? = nil) throws(StoreError) -> Int {
        let cursor = try reading.cursor(channel, .push).position
        let now = self.now.milliseconds
        return try perform { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT num, listing, unit, remedy, healing, round FROM drift
                        WHERE channel = ? AND healed_at IS NULL
                        """), arguments: [channel.number])
            var healed = 0
            for row in rows {
                let remedy: String = row[3]
                let isGone = round.map { (row[5] as Int64) < $0 } ?? false
                let healing: Int64? = row[4]
                let isSettled: Bool
                if remedy == DriftRemedy.asked.rawValue {
                    isSettled = try !isAsked(row[1], db)
                } else {
                    isSettled = try (isGone || healing.map { $0 <= cursor } ?? false)
                        && !isExcepted(row[1], row[2], channel, db)
                }
                guard isSettled else { continue }
                try db.cachedStatement(sql: "UPDATE drift SET healed_at = ? WHERE num = ?").execute(
                    arguments: [now, row[0] as Int64])
                healed += 1
            }
            return healed
        }
    }

    private func isAsked(_ listing: String, _ db: Database) throws -> Bool {
        guard let entity = EntityRef(listing) else { return false }
        return try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT 1 FROM conflict JOIN entity ON entity.num = conflict.entity
                    WHERE entity.kind = ? AND entity.id = ? AND resolved_seq IS NULL
                    """), arguments: [entity.kind.rawValue, entity.id.text]) ?? false
    }

    private func isExcepted(_ listing: String, _ unit: String?, _ channel: ChannelRecord, _ db: Database) throws -> Bool {
        guard let entity = EntityRef(listing) else { return false }
        return try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT 1 FROM exception JOIN entity ON entity.num = exception.entity
                    JOIN name ON name.num = exception.name
                    WHERE exception.channel = ?1 AND entity.kind = ?2 AND entity.id = ?3
                        AND (?4 IS NULL OR name.text = ?4)
                    """), arguments: [channel.number, entity.kind.rawValue, entity.id.text, unit]) ?? false
    }

    /// Takes away evidence that healed longer than `age` ago, or that is too much.
    ///
    /// - Returns: how many rows went.
    @discardableResult
    package func clearDrift(olderThan age: Duration, limit: Int) throws(StoreError) -> Int {
        let before = now.milliseconds - age.milliseconds
        return try perform { db in
            try db.execute(
                sql: """
                    DELETE FROM drift WHERE num IN (
                        SELECT num FROM drift AS old WHERE healed_at IS NOT NULL AND (healed_at < ?1 OR num <= (
                            SELECT num FROM drift WHERE channel = old.channel ORDER BY num DESC LIMIT 1 OFFSET ?2))
                        ORDER BY num LIMIT ?3)
                    """, arguments: [before, Writing.driftMax, limit])
            return db.changesCount
        }
    }
}
