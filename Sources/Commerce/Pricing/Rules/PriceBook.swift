/// All rules of prices there are, at one version of them.
package struct PriceBook: Sendable {
    package let version: Int64
    /// By kind, from the lowest place on; of equals, the lower id first.
    private let rules: [PriceRule.Kind: [PriceRule]]
    private let coupons: [EntityID: PriceRule]
    private let limited: Set<String>
    /// Whether any rule asks what goods are filed under.
    package let asksForCategories: Bool

    package init(version: Int64, rules: [PriceRule]) {
        self.version = version
        self.rules = Dictionary(grouping: rules.sorted { ($0.place, $0.id) < ($1.place, $1.id) }, by: \.kind)
        coupons = Dictionary(rules.filter { $0.kind == .coupon }.map { ($0.id, $0) }) { first, _ in first }
        limited = Set(
            rules.compactMap { rule in
                if case .promotion(let reduction, true) = rule.effect { reduction.id } else { nil }
            })
        asksForCategories = rules.contains(where: \.asksForCategories)
    }

    private func holding(_ kind: PriceRule.Kind, _ channel: ChannelID, _ currency: Currency, _ now: Timestamp) -> [PriceRule] {
        (rules[kind] ?? []).filter { $0.holds(at: channel, in: currency, now) }
    }

    /// Whether a promotion is for so many orders only.
    package func isLimited(_ promotion: String) -> Bool { limited.contains(promotion) }

    /// Whether sending costs something here, and nobody said what in this currency.
    package func lacksFreight(at channel: ChannelID, in currency: Currency, _ now: Timestamp) -> Bool {
        let there = (rules[.freight] ?? []).filter { $0.holds(at: channel, now) }
        return !there.isEmpty && !there.contains { $0.holds(at: channel, in: currency, now) }
    }

    /// Puts what applies to an item beside its prices.
    package func apply(to item: inout PricedItem, at channel: ChannelID, in currency: Currency, isMember: Bool, _ now: Timestamp) {
        for rule in holding(.tier, channel, currency, now) {
            guard case .tier(item.sku, let from, let unit, let membersOnly) = rule.effect, isMember || !membersOnly else { continue }
            item.tiers.append(TierPrice(name: rule.name, fromQuantity: from, unit: unit))
        }
        for rule in holding(.time, channel, currency, now) {
            guard case .time(let goods, let reduction) = rule.effect, goods.holds(item), let begins = rule.begins, let ends = rule.ends
            else { continue }
            item.timed.append(TimedPrice(name: rule.name, reduction: reduction, begins: begins, ends: ends))
        }
    }

    /// What may be taken off an order as a whole and what is added to it, beside coupons and points.
    package func offers(at channel: ChannelID, in currency: Currency, _ now: Timestamp) -> PriceOffers {
        var offers = PriceOffers()
        for rule in holding(.promotion, channel, currency, now) {
            if case .promotion(let reduction, _) = rule.effect { offers.promotions.append(reduction) }
        }
        // The first that holds: two costs of sending would both be paid.
        if case .freight(let template)? = holding(.freight, channel, currency, now).first?.effect { offers.freight = template }
        for rule in holding(.tax, channel, currency, now) {
            guard case .tax(let mode, let tax) = rule.effect else { continue }
            if mode == .added { offers.tax = .added }
            if let tax { offers.taxRules.append(tax) }
        }
        return offers
    }

    /// What a coupon takes off; nil for one of no rule that holds now.
    package func coupon(_ id: String, at channel: ChannelID, in currency: Currency, _ now: Timestamp) -> Reduction? {
        guard let rule = PriceRule.rule(ofCoupon: id).flatMap({ coupons[$0] }), rule.holds(at: channel, in: currency, now),
            case .coupon(let kind) = rule.effect
        else { return nil }
        return Reduction(
            id: id, name: kind.name, benefit: kind.benefit, scope: kind.scope, threshold: kind.threshold, group: kind.group)
    }

    /// How points are counted; nil where nothing is paid with them.
    package func points(_ points: Int64, at channel: ChannelID, in currency: Currency, _ now: Timestamp) -> PointsOffer? {
        guard case .points(let perUnit, let shareMax)? = holding(.points, channel, currency, now).first?.effect else { return nil }
        return PointsOffer(points: points, pointsPerUnit: perUnit, shareMax: shareMax)
    }

    /// Of the promotions an order had, those of which there are only so many.
    package func quotas(of steps: [PriceStep]) -> [String] {
        let used = Set(steps.filter { $0.name == .promotion }.map(\.rule))
        return (rules[.promotion] ?? []).map(\.id.text).filter { limited.contains($0) && used.contains($0) }
    }
}

extension PriceRule {
    fileprivate var asksForCategories: Bool {
        switch effect {
        case .time(let goods, _): !goods.categories.isEmpty
        case .promotion(let reduction, _), .coupon(let reduction):
            if case .categories = reduction.scope { true } else { false }
        case .tax(_, let rule): !(rule?.categories.isEmpty ?? true)
        case .tier, .points, .freight: false
        }
    }
}
