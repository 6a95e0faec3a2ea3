/// All rules of prices there are, at one version of them.
package struct PriceBook: Sendable {
    package let version: Int64
    /// By kind, from the lowest place on; of equals, the lower id first.
    private let rules: [PriceRule.Kind: [PriceRule]]
    private let coupons: [EntityID: PriceRule]

    package init(version: Int64, rules: [PriceRule]) {
        self.version = version
        self.rules = Dictionary(grouping: rules.sorted { ($0.place, $0.id) < ($1.place, $1.id) }, by: \.kind)
        coupons = Dictionary(rules.filter { $0.kind == .coupon }.map { ($0.id, $0) }) { first, _ in first }
    }

    private func holding(_ kind: PriceRule.Kind, _ channel: ChannelID, _ now: Timestamp) -> [PriceRule] {
        (rules[kind] ?? []).filter { $0.holds(at: channel, now) }
    }

    /// Puts what applies to an item beside its prices.
    package func apply(to item: inout PricedItem, at channel: ChannelID, isMember: Bool, _ now: Timestamp) {
        for rule in holding(.tier, channel, now) {
            guard case .tier(item.sku, let from, let unit, let membersOnly) = rule.effect, isMember || !membersOnly else { continue }
            item.tiers.append(TierPrice(name: rule.name, fromQuantity: from, unit: unit))
        }
        for rule in holding(.time, channel, now) {
            guard case .time(let goods, let reduction) = rule.effect, goods.holds(item), let begins = rule.begins, let ends = rule.ends
            else { continue }
            item.timed.append(TimedPrice(name: rule.name, reduction: reduction, begins: begins, ends: ends))
        }
    }

    /// What may be taken off an order as a whole and what is added to it, beside coupons and points.
    package func offers(at channel: ChannelID, _ now: Timestamp) -> PriceOffers {
        var offers = PriceOffers()
        for rule in holding(.promotion, channel, now) {
            if case .promotion(let reduction, _) = rule.effect { offers.promotions.append(reduction) }
        }
        // The first that holds: two costs of sending would both be paid.
        if case .freight(let template)? = holding(.freight, channel, now).first?.effect { offers.freight = template }
        for rule in holding(.tax, channel, now) {
            guard case .tax(let mode, let tax) = rule.effect else { continue }
            if mode == .added { offers.tax = .added }
            if let tax { offers.taxRules.append(tax) }
        }
        return offers
    }

    /// What a coupon takes off; nil for one of no rule that holds now.
    package func coupon(_ id: String, at channel: ChannelID, _ now: Timestamp) -> Reduction? {
        guard let rule = PriceRule.rule(ofCoupon: id).flatMap({ coupons[$0] }), rule.holds(at: channel, now),
            case .coupon(let kind) = rule.effect
        else { return nil }
        return Reduction(
            id: id, name: kind.name, benefit: kind.benefit, scope: kind.scope, threshold: kind.threshold, group: kind.group)
    }

    /// How points are counted; nil where nothing is paid with them.
    package func points(_ points: Int64, at channel: ChannelID, _ now: Timestamp) -> PointsOffer? {
        guard case .points(let perUnit, let shareMax)? = holding(.points, channel, now).first?.effect else { return nil }
        return PointsOffer(points: points, pointsPerUnit: perUnit, shareMax: shareMax)
    }

    /// Of the promotions an order had, those of which there are only so many.
    package func quotas(of steps: [PriceStep]) -> [String] {
        let used = Set(steps.filter { $0.name == .promotion }.map(\.rule))
        return (rules[.promotion] ?? []).compactMap { rule in
            if case .promotion(let reduction, true) = rule.effect, used.contains(reduction.id) { reduction.id } else { nil }
        }
    }
}
