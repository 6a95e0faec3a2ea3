package import Commerce
import GRDB

/// Something about a parcel that a person must know.
package struct ParcelNotice: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Its carrier says that something is wrong.
        case trouble
        /// Nothing has happened for longer than it should.
        case stalled
        /// It comes back, or is back.
        case returned
        /// A service will not follow it.
        case refused
        /// It is with another carrier than was written on it.
        case carrier
        /// What was written as its carrier is none we know.
        case unknownCarrier = "unknown-carrier"
    }

    package let number: Int64
    package let kind: Kind
    package let order: String
    package let part: ParcelPart
    package let tracking: String
    package let detail: String
    package let at: Timestamp
    package let settledAt: Timestamp?
    /// A person, or `track` where the parcel's further way settled it.
    package let settledBy: String?

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        guard let kind = Kind(rawValue: try row.text(1)), let part = ParcelPart(try row.text(3)) else {
            throw .corrupt("parcel notice \(number) cannot be read")
        }
        self.kind = kind
        self.part = part
        order = try row.text(2)
        tracking = try row.text(4)
        detail = try row.text(5)
        at = Timestamp(milliseconds: try row.integer(6))
        settledAt = try row.integerIfAny(7).map { Timestamp(milliseconds: $0) }
        settledBy = try row.textIfAny(8)
    }
}

extension Reading {
    /// Notices, newest first, before (that is, older than) a number.
    package func parcelNotices(open: Bool, before number: Int64? = nil, limit: Int) throws(StoreError) -> [ParcelNotice] {
        try perform { db in
            try db.all(
                """
                SELECT parcel_notice.num, kind, order_head.number, part, parcel.number, detail, at, settled_at, settled_by
                FROM parcel_notice JOIN parcel ON parcel.num = parcel_notice.parcel JOIN order_head ON order_head.num = parcel.subject
                WHERE (settled_at IS NULL) = ?1 AND parcel_notice.num < ?2 ORDER BY parcel_notice.num DESC LIMIT ?3
                """
            ) { parameters in
                parameters.set(1, open ? 1 : 0)
                parameters.set(2, number ?? .max)
                parameters.set(3, Int64(limit))
            } _: { try ParcelNotice($0) }
        }
    }
}

extension Writing {
    /// Tells people of something once: the same cause again is nothing new.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    package func notice(_ kind: ParcelNotice.Kind, of parcel: FollowedParcel, _ detail: String, cause: String) throws(StoreError) -> Bool {
        let now = desk.surroundings.time.now().milliseconds
        return try perform { db in
            try db.run(
                """
                INSERT INTO parcel_notice (kind, parcel, detail, cause, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (cause) DO NOTHING
                """
            ) { row in
                row.set(1, kind.rawValue)
                row.set(2, parcel.row)
                row.set(3, detail)
                row.set(4, "\(kind.rawValue):\(parcel.row):\(cause)")
                row.set(5, now)
            }
            return db.changesCount > 0
        }
    }

    /// Closes what a parcel's further way has settled.
    package func settleNotices(_ kind: ParcelNotice.Kind, of parcel: FollowedParcel, by principal: String) throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            try db.run("UPDATE parcel_notice SET settled_at = ?, settled_by = ? WHERE parcel = ? AND kind = ? AND settled_at IS NULL") { row in
                row.set(1, now)
                row.set(2, principal)
                row.set(3, parcel.row)
                row.set(4, kind.rawValue)
            }
        }
    }

    /// Notes that a person has dealt with a notice. Again: nothing changes.
    ///
    /// - Returns: whether it was open.
    @discardableResult
    package func settleParcelNotice(_ number: Int64, by principal: String) throws(StoreError) -> Bool {
        let now = desk.surroundings.time.now().milliseconds
        return try perform { db in
            guard try db.first("SELECT 1 FROM parcel_notice WHERE num = ?", { $0.set(1, number) }, { _ in true }) == true else {
                throw StoreError.notFound("parcel notice \(number)")
            }
            try db.run("UPDATE parcel_notice SET settled_at = ?, settled_by = ? WHERE num = ? AND settled_at IS NULL") { row in
                row.set(1, now)
                row.set(2, principal)
                row.set(3, number)
            }
            return db.changesCount > 0
        }
    }
}
