/// An amount off when enough is bought: a full reduction, a coupon.
package struct Reduction: Hashable, Sendable {
    package enum Benefit: Hashable, Sendable {
        /// Minor units off.
        case amount(Int64)
        /// Minor units off for every full threshold, at most so many times.
        case amountEach(Int64, timesMax: Int64)
        /// Hundredths of a percent off, at most so many minor units.
        case percent(Int64, amountMax: Int64?)
    }

    package enum Scope: Hashable, Sendable {
        case everything
        case products(Set<EntityID>)
        case categories(Set<EntityID>)
    }

    /// Its number: the promotion's, or the one coupon's that is used up.
    package let id: String
    package let name: String
    package let benefit: Benefit
    package let scope: Scope
    /// What the items in its scope must come to, after all that was taken off before.
    package let threshold: Int64
    /// Of a group only one applies; nil stands with all others.
    package let group: String?

    package init(
        id: String, name: String, benefit: Benefit, scope: Scope = .everything, threshold: Int64 = 0, group: String? = nil
    ) {
        self.id = id
        self.name = name
        self.benefit = benefit
        self.scope = scope
        self.threshold = threshold
        self.group = group
    }
}

/// Points to be paid with.
package struct PointsOffer: Hashable, Sendable {
    package let points: Int64
    /// So many points are worth one minor unit.
    package let pointsPerUnit: Int64
    /// The most of the goods' price that may be paid so, in hundredths of a percent.
    package let shareMax: Int64

    package init(points: Int64, pointsPerUnit: Int64, shareMax: Int64 = 10_000) {
        self.points = points
        self.pointsPerUnit = pointsPerUnit
        self.shareMax = shareMax
    }
}
