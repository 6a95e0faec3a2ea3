package import Commerce
import GRDB

extension Reading {
    /// Parcels whose clerk is to look at them now, the longest due first.
    package func dueParcels(at now: Timestamp, limit: Int) throws(StoreError) -> [FollowedParcel] {
        try parcels("look_at <= ?1 ORDER BY look_at, parcel.num LIMIT ?2") { row in
            row.set(1, now.milliseconds)
            row.set(2, Int64(limit))
        }
    }

    /// When the next parcel is to be looked at.
    package func nextParcelWork() throws(StoreError) -> Timestamp? {
        try perform { db in
            try db.first("SELECT min(look_at) FROM parcel WHERE look_at IS NOT NULL") { _ in } _: { try $0.integerIfAny(0) }
        }.flatMap { $0 }.map { Timestamp(milliseconds: $0) }
    }

    /// Every label of an order that is or was followed, in the order they were booked.
    package func parcels(of order: String) throws(StoreError) -> [FollowedParcel] {
        try parcels("order_head.number = ?1 ORDER BY parcel.num") { $0.set(1, order) }
    }

    /// Parcels that a report of this number and carrier may be about: those of a carrier not known yet, too.
    package func parcels(numbered number: String, of carrier: CarrierID) throws(StoreError) -> [FollowedParcel] {
        try parcels("parcel.number = ?1 ORDER BY parcel.num") { $0.set(1, TrackedNumber.plain(number)) }.filter {
            $0.carrier == nil || $0.carrier == carrier || $0.former.contains(carrier)
        }
    }

    func parcel(_ row: Int64) throws(StoreError) -> FollowedParcel? { try parcels("parcel.num = ?1") { $0.set(1, row) }.first }

    func parcels(_ condition: String, _ bind: (Bindings) -> Void) throws(StoreError) -> [FollowedParcel] {
        // Only fixed words are put together here; what is searched for is bound.
        try perform { db in try db.all(FollowedParcel.select + " WHERE " + condition, bind) { try FollowedParcel($0) } }
    }

    /// All that is known of a parcel's way, folded anew from its events.
    package func track(of parcel: FollowedParcel) throws(StoreError) -> ParcelTrack { ParcelTrack(try nodes(of: parcel.row)) }

    func nodes(of row: Int64) throws(StoreError) -> [TrackNode] {
        try perform { db in
            try db.all("SELECT source, at, phase, text, place, code FROM parcel_event WHERE parcel = ? ORDER BY num") { $0.set(1, row) } _: { row in
                guard let phase = ParcelPhase(rawValue: try row.text(2)) else { throw StoreError.corrupt("an event of a parcel is of no phase") }
                return TrackNode(
                    TrackingEvent(
                        at: Timestamp(milliseconds: try row.integer(1)), phase: phase, text: try row.text(3), place: try row.textIfAny(4),
                        code: try row.text(5)), from: try row.text(0))
            }
        }
    }
}
