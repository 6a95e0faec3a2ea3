extension PricePipeline {
    /// Of each group the promotion that takes off most, and every one without a group.
    mutating func promotions() {
        var done: Set<String> = []
        for promotion in request.offers.promotions {
            var chosen = promotion
            if let group = promotion.group {
                guard done.insert(group).inserted else { continue }
                let rivals = request.offers.promotions.filter { $0.group == group }
                // The first of equals, so that the order of the list decides and nothing else.
                for rival in rivals where worth(of: rival) > worth(of: chosen) { chosen = rival }
            }
            apply(chosen, as: .promotion)
        }
    }

    /// - Throws: `.coupon` for one that takes nothing off: the buyer named it, so it is not passed over silently.
    mutating func coupons() throws(PricingFault) {
        var groups: Set<String> = []
        for (index, coupon) in request.offers.coupons.enumerated() {
            if request.offers.coupons[..<index].contains(where: { $0.id == coupon.id }) {
                throw .coupon(id: coupon.id, reason: "it is named twice")
            }
            if let group = coupon.group, !groups.insert(group).inserted {
                throw .coupon(id: coupon.id, reason: "it cannot be combined with another of \(group)")
            }
            let eligible = scoped(coupon.scope)
            let sum = eligible.reduce(0) { $0 + lines[$1].net }
            if eligible.isEmpty { throw .coupon(id: coupon.id, reason: "nothing in the order is in its scope") }
            if sum < coupon.threshold {
                throw .coupon(
                    id: coupon.id,
                    reason: "it needs \(Money(amount: coupon.threshold, currency: request.currency)), these items come to "
                        + "\(Money(amount: sum, currency: request.currency))")
            }
            if worth(of: coupon) == 0 { throw .coupon(id: coupon.id, reason: "nothing is left to take off") }
            apply(coupon, as: .coupon)
        }
    }

    mutating func payWithPoints() {
        guard let offer = request.offers.points, offer.points > 0, offer.pointsPerUnit > 0 else { return }
        let goods = lines.reduce(0) { $0 + $1.net }
        // Rounded down: never more than the share that may be paid so.
        let most = Share.floored(goods, min(10_000, max(0, offer.shareMax)))
        let amount = min(most, offer.points / offer.pointsPerUnit)
        points = amount * offer.pointsPerUnit
        for (index, part) in takeOff(amount, lines.indices.map { $0 }, .points, "", "\(points) points") {
            lines[index].points = part * offer.pointsPerUnit
        }
    }

    private func worth(of reduction: Reduction) -> Int64 {
        let sum = scoped(reduction.scope).reduce(0) { $0 + lines[$1].net }
        guard sum > 0, sum >= reduction.threshold else { return 0 }
        switch reduction.benefit {
        case .amount(let amount): return min(sum, max(0, amount))
        case .amountEach(let amount, let timesMax):
            let times = reduction.threshold > 0 ? min(sum / reduction.threshold, timesMax) : 1
            let (product, overflow) = max(0, amount).multipliedReportingOverflow(by: max(0, times))
            return overflow ? sum : min(sum, product)
        case .percent(let hundredths, let amountMax):
            let share = Share.of(sum, hundredths: min(10_000, max(0, hundredths)))
            return amountMax.map { min(share, max(0, $0)) } ?? share
        }
    }

    private mutating func apply(_ reduction: Reduction, as name: PriceStep.Name) {
        takeOff(worth(of: reduction), scoped(reduction.scope), name, reduction.id, reduction.name)
    }

    /// Takes an amount off some lines, by what they cost, none below zero.
    ///
    /// - Returns: the lines and what each lost.
    @discardableResult
    private mutating func takeOff(
        _ amount: Int64, _ some: [Int], _ name: PriceStep.Name, _ rule: String, _ words: String
    ) -> [(line: Int, part: Int64)] {
        guard amount > 0 else { return [] }
        let nets = some.map { lines[$0].net }
        var parts = lines.map { _ in Int64(0) }
        let taken = Array(zip(some, LargestRemainder.split(amount, by: nets, limits: nets)))
        for (index, part) in taken {
            lines[index].reduction += part
            parts[index] = -part
        }
        note(name, rule, words, parts)
        return taken.map { (line: $0, part: $1) }
    }

    private func scoped(_ scope: Reduction.Scope) -> [Int] {
        request.items.indices.filter { index in
            switch scope {
            case .everything: true
            case .products(let products): products.contains(request.items[index].product)
            case .categories(let categories): !categories.isDisjoint(with: request.items[index].categories)
            }
        }
    }
}

extension Share {
    /// As ``of(_:hundredths:)``, rounded down.
    static func floored(_ amount: Int64, _ hundredths: Int64) -> Int64 {
        Int64(10_000).dividingFullWidth(amount.multipliedFullWidth(by: hundredths)).quotient
    }
}
