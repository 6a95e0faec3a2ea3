package import Commerce

/// All of an order's goods, wanted together or not at all.
package struct HoldRequest: Sendable {
    package let owner: String
    package let attempt: Int64
    package let demand: StockDemand
    /// How long nobody else gets them.
    package let lifetime: Duration
    /// Who sells: what is fenced off for other channels is not theirs.
    package var channel: ChannelID?
    /// Where to take them from, the first before the later; nil for every open warehouse in its order.
    package var warehouses: [WarehouseID]?
    /// Whether goods may be promised that are not there, as far as their limit goes.
    package var allowsBackorder = true

    /// The longest time goods are held at once; it may be extended.
    package static let lifetimeMax: Duration = .seconds(7 * 86_400)

    /// - Throws: ``ValidationFailure`` for an owner, an attempt or a lifetime out of bounds.
    package init(
        owner: String, attempt: Int64 = 0, demand: StockDemand, lifetime: Duration, channel: ChannelID? = nil,
        warehouses: [WarehouseID]? = nil, allowsBackorder: Bool = true
    ) throws(ValidationFailure) {
        try HoldRequest.check(owner: owner)
        guard (0...1_000_000).contains(attempt) else {
            throw ValidationFailure(field: "attempt", reason: "must be from 0 to 1000000")
        }
        guard lifetime > .zero, lifetime <= HoldRequest.lifetimeMax else {
            throw ValidationFailure(field: "lifetime", reason: "must be longer than 0 and at most 7 days")
        }
        self.owner = owner
        self.attempt = attempt
        self.demand = demand
        self.lifetime = lifetime
        self.channel = channel
        self.warehouses = warehouses
        self.allowsBackorder = allowsBackorder
    }

    static func check(owner: String) throws(ValidationFailure) {
        guard (1...100).contains(owner.utf8.count), owner.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationFailure(field: "owner", reason: "must be 1 to 100 printable ASCII characters without spaces")
        }
    }
}

/// What came of wanting to hold goods.
package enum HoldOutcome: Hashable, Sendable {
    /// All of it is held.
    case held([Hold])
    /// This attempt was answered before; its holds as they are now.
    case known([Hold])
    /// Not all of it is there, so nothing is held.
    case short([Shortage])

    /// What of one SKU was wanted, and what there was.
    package struct Shortage: Hashable, Sendable, CustomStringConvertible {
        package let sku: EntityRef
        package let wanted: Int64
        package let available: Int64

        package var description: String { "\(sku): \(wanted) wanted, \(available) available" }
    }
}
