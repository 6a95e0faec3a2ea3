package import Commerce
import GRDB

/// A parcel that left, and what is known of its way.
package struct FollowedParcel: Hashable, Sendable {
    package let order: String
    package let part: ParcelPart
    package let number: String
    /// The carrier as somebody wrote it on the order.
    package let named: String
    /// Nil until those words were understood.
    package let carrier: CarrierID?
    /// Carriers it was thought to be with before.
    package let former: [CarrierID]
    package let phoneTail: PhoneTail?
    package let origin: String
    package let destination: String
    package let leftAt: Timestamp
    /// When it came, as its order was told by anybody.
    package let cameAt: Timestamp?
    /// The fold of its events, as far as it is worked with; see ``Reading/track(of:)`` for all of it.
    package let phase: ParcelPhase?
    package let lastAt: Timestamp?
    package let deliveredAt: Timestamp?
    package let returnedAt: Timestamp?
    package let stalledAt: Timestamp?
    /// When its clerk looks at it next; nil when it is followed no more.
    package let lookAt: Timestamp?
    package let row: Int64
    let subject: Int64
    let placedAt: Timestamp?
    let carriersWord: CarriersWord?
    let summary: TrackSummary
    let shown: Int64
}

/// What a carrier said of when it means to deliver; the latest word counts.
struct CarriersWord: Hashable {
    let at: Timestamp
    /// What had happened by then.
    let asOf: Timestamp
    let by: String

    /// Whether it is the one to keep of two, whichever was heard first.
    func outdates(_ other: CarriersWord?) -> Bool {
        guard let other else { return true }
        if asOf != other.asOf { return asOf > other.asOf }
        if at != other.at { return at > other.at }
        return by.utf8.lexicographicallyPrecedes(other.by.utf8)
    }
}

/// A track as far as it is kept beside its events.
struct TrackSummary: Hashable {
    let phase: String?
    let since: Int64?
    let last: Int64?
    let delivered: Int64?
    let returned: Int64?
    let failed: Int64
    let entries: Int64
    let took: Int64?

    init(_ track: ParcelTrack, leftAt: Timestamp) {
        phase = track.phase?.rawValue
        since = track.since?.milliseconds
        last = track.lastAt?.milliseconds
        delivered = track.deliveredAt?.milliseconds
        returned = track.returnedAt?.milliseconds
        failed = Int64(track.failedAttempts)
        entries = Int64(track.entries.count)
        // One that came back again is no example of how long a delivery takes.
        took = track.turnedBackAt == nil ? delivered.map { $0 - leftAt.milliseconds }.flatMap { $0 > 0 ? $0 : nil } : nil
    }

    /// Reads the columns from `phase` to `took` as ``FollowedParcel`` selects them.
    init(_ row: Columns, at first: Int32) throws(StoreError) {
        phase = try row.textIfAny(first)
        since = try row.integerIfAny(first + 1)
        last = try row.integerIfAny(first + 2)
        delivered = try row.integerIfAny(first + 3)
        returned = try row.integerIfAny(first + 4)
        failed = try row.integer(first + 5)
        entries = try row.integer(first + 6)
        took = try row.integerIfAny(first + 7)
    }
}

extension FollowedParcel {
    static let select = """
        SELECT parcel.num, parcel.subject, order_head.number, part, parcel.number, named, carrier, former, parcel.phone_tail, origin,
            destination, left_at, came_at, parcel.phase, phase_at, last_at, delivered_at, returned_at, failed, entries, took,
            estimate_at, estimate_as_of, estimate_by, stalled_at, look_at, order_head.placed_at, parcel.shown
        FROM parcel JOIN order_head ON order_head.num = parcel.subject
        """

    init(_ columns: Columns) throws(StoreError) {
        func time(_ index: Int32) throws(StoreError) -> Timestamp? {
            try columns.integerIfAny(index).map { Timestamp(milliseconds: $0) }
        }
        row = try columns.integer(0)
        subject = try columns.integer(1)
        order = try columns.text(2)
        guard let part = ParcelPart(try columns.text(3)) else { throw .corrupt("a parcel of order \(order) has no name") }
        self.part = part
        number = try columns.text(4)
        named = try columns.text(5)
        carrier = try columns.textIfAny(6).flatMap { CarrierID($0) }
        former = try columns.text(7).split(separator: " ").compactMap { CarrierID(String($0)) }
        phoneTail = try columns.textIfAny(8).flatMap { PhoneTail($0) }
        origin = try columns.text(9)
        destination = try columns.text(10)
        leftAt = Timestamp(milliseconds: try columns.integer(11))
        cameAt = try time(12)
        summary = try TrackSummary(columns, at: 13)
        phase = summary.phase.flatMap { ParcelPhase(rawValue: $0) }
        lastAt = summary.last.map { Timestamp(milliseconds: $0) }
        deliveredAt = summary.delivered.map { Timestamp(milliseconds: $0) }
        returnedAt = summary.returned.map { Timestamp(milliseconds: $0) }
        if let at = try time(21), let asOf = try time(22), let by = try columns.textIfAny(23) {
            carriersWord = CarriersWord(at: at, asOf: asOf, by: by)
        } else {
            carriersWord = nil
        }
        stalledAt = try time(24)
        lookAt = try time(25)
        placedAt = try time(26)
        shown = try columns.integer(27)
    }
}
