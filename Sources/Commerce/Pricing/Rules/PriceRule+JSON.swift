extension PriceRule {
    /// As it is set and kept, without its id.
    package var json: JSON {
        let common: [(String, JSON?)] = [
            ("kind", .string(kind.rawValue)), ("name", .string(name)), ("channels", .list(channels.sorted().map { .string($0.text) })),
            ("begins", begins.map { .integer($0.milliseconds) }), ("ends", ends.map { .integer($0.milliseconds) }), ("place", .number(place)),
            ("currency", currency.map { .string($0.code) }),
        ]
        return .members(common + members)
    }

    private var members: [(String, JSON?)] {
        switch effect {
        case .tier(let sku, let from, let unit, let membersOnly):
            [
                ("sku", .string(sku.text)), ("from_quantity", .integer(from)), ("unit", .integer(unit)),
                ("members_only", membersOnly ? true : nil),
            ]
        case .time(let goods, .unit(let unit)): goods.members + [("unit", .integer(unit))]
        case .time(let goods, .percentOff(let percent)): goods.members + [("percent_off", .integer(percent))]
        case .promotion(let reduction, let hasQuota): reduction.members + [("quota", hasQuota ? true : nil)]
        case .coupon(let reduction): reduction.members
        case .points(let perUnit, let shareMax): [("points_per_unit", .integer(perUnit)), ("share_max", .integer(shareMax))]
        case .freight(let template): template.members
        case .tax(let mode, let rule):
            [
                ("mode", .string(mode.rawValue)), ("rate", rule.map { .integer($0.rate) }),
                ("region", .list((rule?.region.codes ?? []).map(JSON.string))),
                ("categories", .list((rule?.categories ?? []).sorted().map { .string($0.text) })),
            ]
        }
    }
}

extension PriceRule.Goods {
    fileprivate var members: [(String, JSON?)] {
        [
            ("products", .list(products.sorted().map { .string($0.text) })),
            ("categories", .list(categories.sorted().map { .string($0.text) })),
        ]
    }
}

extension Reduction {
    fileprivate var members: [(String, JSON?)] {
        let goods: PriceRule.Goods =
            switch scope {
            case .everything: .init()
            case .products(let ids): .init(products: ids)
            case .categories(let ids): .init(categories: ids)
            }
        let benefit: [(String, JSON?)] =
            switch benefit {
            case .amount(let amount): [("amount_off", .integer(amount))]
            case .amountEach(let amount, let times): [("amount_off", .integer(amount)), ("each", true), ("times_max", .integer(times))]
            case .percent(let percent, let max): [("percent_off", .integer(percent)), ("amount_max", max.map(JSON.integer))]
            }
        return goods.members + benefit + [("threshold", .number(threshold)), ("group", .text(group))]
    }
}

extension FreightTemplate {
    fileprivate var members: [(String, JSON?)] {
        [
            ("basis", .string(basis.rawValue)),
            (
                "zones",
                .array(
                    zones.map { zone in
                        .members([
                            ("region", .list(zone.region.codes.map(JSON.string))), ("first", .integer(zone.first)),
                            ("first_fee", .integer(zone.firstFee)), ("next", .number(zone.next)), ("next_fee", .number(zone.nextFee)),
                            ("free_from_amount", zone.freeFromAmount.map(JSON.integer)),
                            ("free_from_count", zone.freeFromCount.map(JSON.integer)),
                        ])
                    })
            ),
            ("excluded", .list(excluded.map { .array($0.codes.map(JSON.string)) })),
        ]
    }
}
