import Commerce
import GRDB

/// Something kept of a parcel that does not follow from its order's facts and its events.
package struct ParcelDifference: Hashable, Sendable {
    package let order: String
    package let problem: String
}

extension Reading {
    /// Folds every parcel again and compares; empty when all that is kept beside events and facts follows from them.
    package func parcelDifferences(limit: Int = 100) throws(StoreError) -> [ParcelDifference] {
        var found: [ParcelDifference] = []
        var last: Int64 = 0
        while found.count < limit {
            let after = last
            let page = try parcels("parcel.num > ?1 ORDER BY parcel.num LIMIT 200") { $0.set(1, after) }
            guard let end = page.last else { break }
            for parcel in page where found.count < limit {
                found += try differences(of: parcel).map { ParcelDifference(order: parcel.order, problem: "parcel \(parcel.part) \($0)") }
            }
            last = end.row
        }
        if found.count < limit { found += try lostParcels(limit - found.count) + editionDifferences(limit) }
        return Array(found.prefix(limit))
    }

    private func differences(of parcel: FollowedParcel) throws(StoreError) -> [String] {
        let track = try track(of: parcel)
        let summary = TrackSummary(track, leftAt: parcel.leftAt)
        var found: [String] = []
        if summary != parcel.summary {
            found.append("is kept as \(parcel.summary.phase ?? "unknown") with \(parcel.summary.entries) entries, its events make it \(summary.phase ?? "unknown") with \(summary.entries)")
        }
        if case .parcel(let id) = parcel.part, track.deliveredAt != nil {
            let held = try order(parcel.order)?.state.parcels.first { $0.parcel.id == id }
            if let held, held.deliveredAt == nil { found.append("came by its events, and its order does not know") }
        }
        return found
    }

    /// Parcels under way that have no row; orders that were done before parcels were followed have none, and need none.
    private func lostParcels(_ limit: Int) throws(StoreError) -> [ParcelDifference] {
        let numbers = try perform { db in
            try db.all("SELECT number FROM order_head WHERE phase IN ('shipped', 'partly-shipped') ORDER BY num") { _ in } _: { try $0.text(0) }
        }
        var found: [ParcelDifference] = []
        for number in numbers where found.count < limit {
            guard let order = try order(number) else { continue }
            let held = try parcels(of: number)
            for departure in order.state.departures where departure.cameAt == nil {
                guard !held.contains(where: { $0.part == departure.part && $0.number == departure.number }) else { continue }
                found.append(ParcelDifference(order: number, problem: "parcel \(departure.part) is followed by nobody"))
            }
        }
        return found
    }

    private func editionDifferences(_ limit: Int) throws(StoreError) -> [ParcelDifference] {
        try perform { db in
            try db.all(
                """
                SELECT order_head.number, order_head.shown, total(parcel.shown) FROM order_head LEFT JOIN parcel ON parcel.subject = order_head.num
                GROUP BY order_head.num HAVING order_head.shown <> coalesce(sum(parcel.shown), 0) LIMIT ?
                """
            ) { $0.set(1, Int64(limit)) } _: { row in
                ParcelDifference(order: try row.text(0), problem: "was shown anew \(try row.integer(1)) times, its parcels say otherwise")
            }
        }
    }
}
