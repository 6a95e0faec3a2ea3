package import Commerce
import GRDB

extension Reading {
    /// What is shown of an order's parcels; one without a number, or of a label that no longer counts, is not among them.
    package func sights(of order: StoredOrder, now: Timestamp, _ policy: TrackingPolicy = .standard) throws(StoreError) -> [ParcelPart: ParcelSight] {
        var sights: [ParcelPart: ParcelSight] = [:]
        let departures = order.state.departures
        guard !departures.isEmpty else { return sights }
        for parcel in try parcels(of: order.number) where departures.contains(where: { $0.part == parcel.part && $0.number == parcel.number }) {
            sights[parcel.part] = try sight(of: parcel, now: now, policy)
        }
        return sights
    }

    package func sight(of parcel: FollowedParcel, now: Timestamp, _ policy: TrackingPolicy = .standard) throws(StoreError) -> ParcelSight {
        let track = try track(of: parcel)
        let hasEnded = track.turnedBackAt != nil || track.phase?.isAtAnEnd == true || parcel.cameAt != nil
        return ParcelSight(
            track: track, estimate: hasEnded ? nil : try estimate(of: parcel, now: now, policy), stalledAt: hasEnded ? nil : parcel.stalledAt)
    }

    /// When a parcel is expected: by its carrier's word, or by what our own parcels took.
    package func estimate(of parcel: FollowedParcel, now: Timestamp, _ policy: TrackingPolicy) throws(StoreError) -> DeliveryEstimate? {
        let sameWay = DeliveryHistory(
            try times("carrier = ?1 AND origin = ?2 AND destination = ?3 AND ?3 <> ''", parcel))
        let sameCarrier = DeliveryHistory(sameWay.samples >= policy.samplesMin ? [] : try times("carrier = ?1", parcel))
        return DeliveryEstimate(
            carriers: parcel.carriersWord.map { (at: $0.at, by: $0.by) }, sameWay: sameWay, sameCarrier: sameCarrier, leftAt: parcel.leftAt, now: now,
            samplesMin: policy.samplesMin)
    }

    /// The newest tell how it is now; more than these do not make it truer.
    private static let samplesMax = 500

    private func times(_ condition: String, _ parcel: FollowedParcel) throws(StoreError) -> [Duration] {
        guard let carrier = parcel.carrier else { return [] }
        let sql = "SELECT took FROM parcel WHERE took IS NOT NULL AND \(condition) ORDER BY num DESC LIMIT \(Reading.samplesMax)"
        return try perform { db in
            try db.all(sql) { row in
                row.set(1, carrier.text)
                guard condition.contains("?3") else { return }
                row.set(2, parcel.origin)
                row.set(3, parcel.destination)
            } _: { .milliseconds(try $0.integer(0)) }
        }
    }
}
