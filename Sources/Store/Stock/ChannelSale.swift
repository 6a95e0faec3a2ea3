package import Commerce

/// An order that a channel has taken on its own.
///
/// It has happened: it can be told late, twice, or beyond what the channel may sell, but not refused.
package struct ChannelSale: Sendable {
    package let channel: ChannelID
    package let owner: String
    package let demand: StockDemand
    /// Where it says the goods come from; nil for every open warehouse in its order.
    package let warehouse: WarehouseID?

    /// When the channel took it, by its own clock: tells how late the hub hears of its orders.
    package let takenAt: Timestamp?

    /// - Throws: ``ValidationFailure`` for an owner that cannot be one.
    package init(
        channel: ChannelID, owner: String, demand: StockDemand, warehouse: WarehouseID? = nil, takenAt: Timestamp? = nil
    ) throws(ValidationFailure) {
        try HoldRequest.check(owner: owner)
        self.channel = channel
        self.owner = owner
        self.demand = demand
        self.warehouse = warehouse
        self.takenAt = takenAt
    }

    /// What a sale took beyond what the channel may sell.
    package struct Breach: Hashable, Sendable {
        package let sku: EntityRef
        package let quantity: Int64
        /// Of that, what nobody has: promised and not there.
        package let owed: Int64
    }

    package enum Outcome: Hashable, Sendable {
        case sold([Hold], breaches: [Breach])
        /// It was told before.
        case known([Hold])
    }
}
