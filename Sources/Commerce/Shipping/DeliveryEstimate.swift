/// When a parcel is expected, and on whose word.
package struct DeliveryEstimate: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// The carrier's own, told by this account.
        case carrier(String)
        /// So many of our parcels went the same way with the same carrier.
        case sameWay(samples: Int)
        /// So many of our parcels went with the same carrier, wherever.
        case sameCarrier(samples: Int)
    }

    package let at: Timestamp
    /// By when nine of ten came; nil for a carrier's word.
    package let latest: Timestamp?
    package let source: Source

    package init(at: Timestamp, latest: Timestamp? = nil, source: Source) {
        self.at = at
        self.latest = latest
        self.source = source
    }
}

/// How long parcels took from leaving the house to their buyers.
package struct DeliveryHistory: Hashable, Sendable {
    private let times: [Duration]

    package init(_ times: [Duration]) { self.times = times.sorted() }

    package var samples: Int { times.count }
    package var median: Duration? { rank(50) }
    package var ninetieth: Duration? { rank(90) }

    /// The nearest rank: always the time of a parcel there was.
    private func rank(_ percent: Int) -> Duration? {
        times.isEmpty ? nil : times[max(0, (times.count * percent + 99) / 100 - 1)]
    }

    /// What this many parcels promise one that left then, at this moment.
    ///
    /// - Returns: nil for too few, and once even the slowest of ten would be there: silence is better than an hour that has passed.
    func estimate(leftAt: Timestamp, now: Timestamp, min samplesMin: Int, _ source: (Int) -> DeliveryEstimate.Source) -> DeliveryEstimate? {
        guard samples >= max(1, samplesMin), let median, let ninetieth, leftAt + ninetieth > now else { return nil }
        let expected = leftAt + median
        return DeliveryEstimate(
            at: expected > now ? expected : leftAt + ninetieth, latest: leftAt + ninetieth, source: source(samples))
    }
}

extension DeliveryEstimate {
    /// The carrier's word where it gave one that has not passed, else what our own parcels took the same way, else with the same carrier.
    package init?(
        carriers: (at: Timestamp, by: String)?, sameWay: DeliveryHistory, sameCarrier: DeliveryHistory, leftAt: Timestamp, now: Timestamp,
        samplesMin: Int
    ) {
        if let carriers, carriers.at > now {
            self.init(at: carriers.at, source: .carrier(carriers.by))
            return
        }
        let found =
            sameWay.estimate(leftAt: leftAt, now: now, min: samplesMin) { .sameWay(samples: $0) }
            ?? sameCarrier.estimate(leftAt: leftAt, now: now, min: samplesMin) { .sameCarrier(samples: $0) }
        guard let found else { return nil }
        self = found
    }
}
