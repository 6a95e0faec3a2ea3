/// What is to be priced: items with the prices that may apply to them, and the offers for the whole order.
///
/// Everything in it comes from the master record. A price a client sends has no place here.
package struct PriceRequest: Sendable {
    package var currency: Currency
    package var items: [PricedItem]
    package var offers: PriceOffers
    /// When the prices are to hold.
    package var at: Timestamp

    package init(currency: Currency, items: [PricedItem], offers: PriceOffers = PriceOffers(), at: Timestamp) {
        self.currency = currency
        self.items = items
        self.offers = offers
        self.at = at
    }
}

/// One line of what is to be priced; amounts are minor units of the request's currency for one piece.
package struct PricedItem: Hashable, Sendable {
    package var sku: EntityID
    package var product: EntityID
    /// The product's categories and those above them: what offers are limited to.
    package var categories: Set<EntityID> = []
    package var quantity: Int64
    /// What everybody pays where nothing else applies.
    package var list: Int64
    /// The channel's own price, where it has one.
    package var channel: Int64?
    package var tiers: [TierPrice] = []
    package var timed: [TimedPrice] = []
    package var measure = FreightMeasure()
    /// Its own rate in hundredths of a percent, 1300 being 13 %; nil leaves it to the rules.
    package var taxRate: Int64?

    package init(sku: EntityID, product: EntityID, quantity: Int64, list: Int64) {
        self.sku = sku
        self.product = product
        self.quantity = quantity
        self.list = list
    }
}

/// What a piece costs from a number of pieces on, or for members of a level.
package struct TierPrice: Hashable, Sendable {
    package let name: String
    /// Pieces of the SKU in the whole order, over all its lines.
    package let fromQuantity: Int64
    package let unit: Int64

    package init(name: String, fromQuantity: Int64, unit: Int64) {
        self.name = name
        self.fromQuantity = fromQuantity
        self.unit = unit
    }
}

/// What a piece costs between two instants.
package struct TimedPrice: Hashable, Sendable {
    package enum Reduction: Hashable, Sendable {
        case unit(Int64)
        /// Hundredths of a percent off; half a minor unit is rounded up, in the buyer's favour.
        case percentOff(Int64)
    }

    package let name: String
    package let reduction: Reduction
    package let begins: Timestamp
    /// The first instant at which it is over.
    package let ends: Timestamp

    package init(name: String, reduction: Reduction, begins: Timestamp, ends: Timestamp) {
        self.name = name
        self.reduction = reduction
        self.begins = begins
        self.ends = ends
    }
}

/// What may be taken off the order as a whole, and what is added to it.
package struct PriceOffers: Sendable {
    /// Tried in this order; of those of one group only the best applies.
    package var promotions: [Reduction] = []
    /// In the order the buyer named them.
    package var coupons: [Reduction] = []
    package var points: PointsOffer?
    package var freight: FreightTemplate?
    package var destination: Region?
    package var tax: TaxMode = .included
    package var taxRules: [TaxRule] = []

    package init() {}
}
