import Commerce
import Crypto
import GRDB

extension Writing {
    /// The most events of one parcel; a way around the world has some dozens.
    private static let eventsMax = 1_000

    /// Writes down what is new in a report.
    func keep(
        _ report: TrackingReport, from account: String, of parcel: FollowedParcel, _ known: Int, _ policy: TrackingPolicy
    ) throws(StoreError) -> [TrackNode] {
        let now = desk.surroundings.time.now()
        let day = Duration.seconds(86_400)
        let first = Timestamp(milliseconds: min(parcel.placedAt ?? parcel.leftAt, parcel.leftAt).milliseconds - day.milliseconds)
        let last = min(now + day, parcel.leftAt + policy.longest + policy.grace)
        var new: [TrackNode] = []
        for event in report.events where event.at >= first && event.at <= last && known + new.count < Writing.eventsMax {
            let node = TrackNode(event, from: account)
            let isNew = try perform { db in
                try db.run(
                    """
                    INSERT INTO parcel_event (parcel, digest, source, at, phase, text, place, code, heard_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (parcel, digest) DO NOTHING
                    """
                ) { row in
                    row.set(1, parcel.row)
                    row.set(2, node.digest)
                    row.set(3, account)
                    row.set(4, event.at.milliseconds)
                    row.set(5, event.phase.rawValue)
                    row.set(6, event.text)
                    row.set(7, event.place)
                    row.set(8, event.code)
                    row.set(9, now.milliseconds)
                }
                return db.changesCount > 0
            }
            if isNew { new.append(node) }
        }
        return new
    }

    func save(_ track: ParcelTrack, of parcel: FollowedParcel) throws(StoreError) {
        let summary = TrackSummary(track, leftAt: parcel.leftAt)
        guard summary != parcel.summary else { return }
        try perform { db in
            try db.run(
                """
                UPDATE parcel SET phase = ?2, phase_at = ?3, last_at = ?4, delivered_at = ?5, returned_at = ?6, failed = ?7, entries = ?8, took = ?9
                WHERE num = ?1
                """
            ) { row in
                row.set(1, parcel.row)
                row.set(2, summary.phase)
                row.set(3, summary.since)
                row.set(4, summary.last)
                row.set(5, summary.delivered)
                row.set(6, summary.returned)
                row.set(7, summary.failed)
                row.set(8, summary.entries)
                row.set(9, summary.took)
            }
        }
    }

    func save(_ word: CarriersWord, of parcel: FollowedParcel) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE parcel SET estimate_at = ?2, estimate_as_of = ?3, estimate_by = ?4 WHERE num = ?1") { row in
                row.set(1, parcel.row)
                row.set(2, word.at.milliseconds)
                row.set(3, word.asOf.milliseconds)
                row.set(4, word.by)
            }
        }
    }

    /// Something happened again.
    func unstall(_ parcel: FollowedParcel) throws(StoreError) {
        try perform { db in try db.run("UPDATE parcel SET stalled_at = NULL WHERE num = ?") { $0.set(1, parcel.row) } }
        try settleNotices(.stalled, of: parcel, by: "track")
    }
}

extension TrackNode {
    /// The same for the same said by the same.
    var digest: [UInt8] {
        var hash = SHA256()
        for part in [source, "\(event.at.milliseconds)", event.phase.rawValue, event.code, event.text, event.place ?? "\u{0}"] {
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        return Array(hash.finalize().prefix(16))
    }
}
