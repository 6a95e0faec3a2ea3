package import Commerce
import GRDB

extension Writing {
    /// Gives every parcel of an order that left its row, in the transaction that tells of it; a row that was lost is made again.
    ///
    /// A label that was told otherwise since is a row of its own; the old one is followed no more. What is kept of a track is made
    /// anew from its events, should it not be their fold.
    func followParcels(_ book: OrderBook) throws(StoreError) {
        guard let row = book.row else { return }
        let departures = book.state.departures
        let held = try reading.parcels(of: book.number)
        let buyer = book.state.placed?.buyer
        let destination = buyer.map { $0.region.codes.prefix(2).joined(separator: "/") } ?? ""
        for departure in departures {
            let known = held.first { $0.part == departure.part && $0.number == departure.number }
            let isSame = known?.named == departure.carrier && known?.leftAt == departure.leftAt && known?.cameAt == departure.cameAt
            if isSame, known?.destination == destination { continue }
            try perform { db in
                try db.run(
                    """
                    INSERT INTO parcel (subject, part, number, named, phone_tail, origin, destination, left_at, came_at, look_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                    ON CONFLICT (subject, part, number) DO UPDATE SET named = excluded.named, phone_tail = excluded.phone_tail,
                        origin = excluded.origin, destination = excluded.destination, left_at = excluded.left_at, came_at = excluded.came_at,
                        look_at = excluded.look_at, carrier = CASE WHEN named = excluded.named THEN carrier END,
                        took = CASE WHEN took IS NOT NULL AND delivered_at > excluded.left_at THEN delivered_at - excluded.left_at END
                    """
                ) { parameters in
                    parameters.set(1, row)
                    parameters.set(2, departure.part.text)
                    parameters.set(3, departure.number)
                    parameters.set(4, departure.carrier)
                    parameters.set(5, buyer.flatMap { PhoneTail($0.phone) }?.digits)
                    parameters.set(6, departure.origin?.text ?? "")
                    parameters.set(7, destination)
                    parameters.set(8, departure.leftAt.milliseconds)
                    parameters.set(9, departure.cameAt?.milliseconds)
                    parameters.set(10, desk.surroundings.time.now().milliseconds)
                }
            }
        }
        for parcel in held {
            try save(try reading.track(of: parcel), of: parcel)
            let isMeant = departures.contains { $0.part == parcel.part && $0.number == parcel.number }
            if !isMeant, parcel.lookAt != nil { try lookAgain(at: parcel, nil) }
        }
    }

    /// Notes which carrier a parcel is with; the one it was thought to be with before is remembered.
    package func setCarrier(_ carrier: CarrierID, of parcel: FollowedParcel) throws(StoreError) {
        let former = parcel.former + [parcel.carrier].compactMap { $0 }
        try perform { db in
            try db.run("UPDATE parcel SET carrier = ?2, former = ?3 WHERE num = ?1") { row in
                row.set(1, parcel.row)
                row.set(2, carrier.text)
                row.set(3, former.filter { $0 != carrier }.map(\.text).joined(separator: " "))
            }
        }
    }

    /// Notes that nothing has happened to a parcel for too long, unless something has meanwhile.
    ///
    /// - Returns: whether that is news.
    @discardableResult
    package func stall(_ seen: FollowedParcel, since: Timestamp, _ detail: String) throws(StoreError) -> Bool {
        guard let parcel = try reading.parcel(seen.row), parcel.lastAt == seen.lastAt, parcel.stalledAt == nil else { return false }
        try perform { db in
            try db.run("UPDATE parcel SET stalled_at = ?2 WHERE num = ?1") { row in
                row.set(1, parcel.row)
                row.set(2, since.milliseconds)
            }
        }
        try notice(.stalled, of: parcel, detail, cause: "\(parcel.lastAt?.milliseconds ?? 0)")
        try showAnew(parcel)
        return true
    }

    /// Puts a parcel's order at the end of the feed, in a new edition: what its buyer sees of it changed.
    func showAnew(_ parcel: FollowedParcel) throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            try db.run("UPDATE parcel SET shown = shown + 1 WHERE num = ?1") { $0.set(1, parcel.row) }
            try db.run("UPDATE order_head SET shown = shown + 1, changed_at = ?2 WHERE num = ?1") { row in
                row.set(1, parcel.subject)
                row.set(2, now)
            }
            try db.move(.order, parcel.subject, to: desk.nextSequence())
        }
    }
}
