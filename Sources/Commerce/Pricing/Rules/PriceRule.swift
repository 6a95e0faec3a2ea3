/// A rule of prices as the house sets it: when it holds, where, and what it does.
package struct PriceRule: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case tier, time, promotion, coupon, points, freight, tax }

    package enum Effect: Hashable, Sendable {
        /// What a piece of a SKU costs from so many pieces on; `membersOnly` for those who are known.
        case tier(sku: EntityID, fromQuantity: Int64, unit: Int64, membersOnly: Bool)
        case time(Goods, TimedPrice.Reduction)
        /// `hasQuota` when only so many orders may have it: its quota is issued under the rule's id.
        case promotion(Reduction, hasQuota: Bool)
        /// What a coupon of this kind is worth; one coupon is named `RULE.SERIAL`.
        case coupon(Reduction)
        case points(perUnit: Int64, shareMax: Int64)
        case freight(FreightTemplate)
        case tax(TaxMode, TaxRule?)
    }

    /// Which goods a time discount is about.
    package struct Goods: Hashable, Sendable {
        package let products: Set<EntityID>
        package let categories: Set<EntityID>

        package init(products: Set<EntityID> = [], categories: Set<EntityID> = []) {
            self.products = products
            self.categories = categories
        }

        /// Neither named is all.
        package func holds(_ item: PricedItem) -> Bool {
            if products.isEmpty && categories.isEmpty { return true }
            return products.contains(item.product) || !categories.isDisjoint(with: item.categories)
        }
    }

    package let id: EntityID
    package let name: String
    /// Where it holds; empty for every channel.
    package let channels: Set<ChannelID>
    package let begins: Timestamp?
    /// The first instant at which it is over.
    package let ends: Timestamp?
    /// Rules of one kind are tried from the lowest on.
    package let place: Int64
    /// What its amounts are in, so that it holds for no other; nil for a rule without amounts.
    package let currency: Currency?
    package let effect: Effect

    package var kind: Kind {
        switch effect {
        case .tier: .tier
        case .time: .time
        case .promotion: .promotion
        case .coupon: .coupon
        case .points: .points
        case .freight: .freight
        case .tax: .tax
        }
    }

    /// Whether it speaks of money: 50 off is something else in yen than in yuan, 10 % off is the same.
    var hasAmounts: Bool {
        switch effect {
        case .tier, .points, .time(_, .unit): true
        case .time(_, .percentOff), .tax: false
        case .promotion(let reduction, _), .coupon(let reduction):
            if case .percent(_, let amountMax) = reduction.benefit { amountMax != nil || reduction.threshold > 0 } else { true }
        case .freight(let template): template.zones.contains { $0.firstFee > 0 || $0.nextFee > 0 || $0.freeFromAmount != nil }
        }
    }

    package func holds(at channel: ChannelID, in currency: Currency, _ now: Timestamp) -> Bool {
        (self.currency ?? currency) == currency && holds(at: channel, now)
    }

    /// Whether it holds, in whatever currency.
    package func holds(at channel: ChannelID, _ now: Timestamp) -> Bool {
        if let begins, now < begins { return false }
        if let ends, now >= ends { return false }
        return channels.isEmpty || channels.contains(channel)
    }

    /// The rule a coupon is of: what stands before the first full stop of its name.
    package static func rule(ofCoupon id: String) -> EntityID? {
        id.split(separator: ".", maxSplits: 1).first.flatMap { EntityID(String($0)) }
    }

    package init(
        id: EntityID, name: String, channels: Set<ChannelID> = [], begins: Timestamp? = nil, ends: Timestamp? = nil,
        place: Int64 = 0, currency: Currency? = nil, effect: Effect
    ) {
        self.id = id
        self.name = name
        self.channels = channels
        self.begins = begins
        self.ends = ends
        self.place = place
        self.currency = currency
        self.effect = effect
    }
}
