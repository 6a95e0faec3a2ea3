/// What of an item freight is counted by.
package struct FreightMeasure: Hashable, Sendable {
    package var grams: Int64 = 0
    package var cubicCentimetres: Int64 = 0
    /// Goods that are not sent at all cost no freight and go everywhere.
    package var isSent = true

    package init() {}
}

/// What sending costs: so much for the first so many pieces, grams or cubic centimetres, so much for every further so many.
///
/// The most precise zone that holds the destination decides; none means it is not delivered there.
package struct FreightTemplate: Hashable, Sendable {
    package enum Basis: String, Sendable { case count, weight, volume }

    package struct Zone: Hashable, Sendable {
        package let region: Region
        package let first: Int64
        package let firstFee: Int64
        package let next: Int64
        package let nextFee: Int64
        /// Free from this price of the goods on, after reductions.
        package let freeFromAmount: Int64?
        /// Free from this many pieces on.
        package let freeFromCount: Int64?

        /// Fees and sizes are none of them negative; ``FreightTemplate/check()`` says so.
        package init(
            region: Region, first: Int64, firstFee: Int64, next: Int64, nextFee: Int64, freeFromAmount: Int64? = nil,
            freeFromCount: Int64? = nil
        ) {
            self.region = region
            self.first = first
            self.firstFee = firstFee
            self.next = next
            self.nextFee = nextFee
            self.freeFromAmount = freeFromAmount
            self.freeFromCount = freeFromCount
        }
    }

    package let name: String
    package let basis: Basis
    package let zones: [Zone]
    /// Regions it does not go to although a zone holds them.
    package let excluded: [Region]

    package init(name: String, basis: Basis, zones: [Zone], excluded: [Region] = []) {
        self.name = name
        self.basis = basis
        self.zones = zones
        self.excluded = excluded
    }

    /// Whether it can be counted with.
    ///
    /// - Throws: ``ValidationFailure`` about the first zone with a negative size or fee, or fees beyond what is money.
    package func check() throws(ValidationFailure) {
        guard !zones.isEmpty else { throw ValidationFailure(field: "zones", reason: "must not be empty: it would go nowhere") }
        for (index, zone) in zones.enumerated() {
            for (name, number) in [
                ("first", zone.first), ("first_fee", zone.firstFee), ("next", zone.next), ("next_fee", zone.nextFee),
                ("free_from_amount", zone.freeFromAmount ?? 0), ("free_from_count", zone.freeFromCount ?? 0),
            ] where !(0...Money.amountMax).contains(number) {
                throw ValidationFailure(field: "zones[\(index)].\(name)", reason: "must be 0…\(Money.amountMax), got \(number)")
            }
        }
    }

    /// - Returns: nil when it does not go there.
    package func zone(for destination: Region) -> Zone? {
        if excluded.contains(where: { destination.lies(in: $0) }) { return nil }
        return zones.filter { destination.lies(in: $0.region) }.max { $0.region.codes.count < $1.region.codes.count }
    }

    /// - Returns: nil when it is more than 64 bits hold.
    func size(_ item: PricedItem) -> Int64? {
        guard item.measure.isSent else { return 0 }
        switch basis {
        case .count: return item.quantity
        case .weight: return item.quantity.times(item.measure.grams)
        case .volume: return item.quantity.times(item.measure.cubicCentimetres)
        }
    }
}

extension FreightTemplate.Zone {
    /// - Parameters:
    ///   - size: pieces, grams or cubic centimetres of all that is sent.
    ///   - amount: the goods' price after reductions; count: their pieces.
    /// - Returns: nil when it is no amount of money any more.
    func fee(size: Int64, amount: Int64, count: Int64) -> Int64? {
        if isFree(amount: amount, count: count) { return 0 }
        guard size > first, next > 0 else { return firstFee }
        let further = (size - first - 1) / next + 1
        guard let fee = further.times(nextFee)?.plus(firstFee), fee <= Money.amountMax else { return nil }
        return fee
    }

    func isFree(amount: Int64, count: Int64) -> Bool {
        if let freeFromAmount, amount >= freeFromAmount { return true }
        if let freeFromCount, count >= freeFromCount { return true }
        return false
    }
}

extension Int64 {
    /// - Returns: nil instead of an overflow.
    func times(_ factor: Int64) -> Int64? {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// - Returns: nil instead of an overflow.
    func plus(_ summand: Int64) -> Int64? {
        let (sum, overflow) = addingReportingOverflow(summand)
        return overflow ? nil : sum
    }
}
