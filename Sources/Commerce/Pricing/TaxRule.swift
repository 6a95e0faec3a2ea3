/// Whether prices hold the tax already or it comes on top.
package enum TaxMode: String, Sendable { case included, added }

/// At which rate something is taxed where it goes.
package struct TaxRule: Hashable, Sendable {
    package let name: String
    package let region: Region
    /// Only goods of these categories; empty: all.
    package let categories: Set<EntityID>
    /// Hundredths of a percent.
    package let rate: Int64

    package init(name: String, region: Region = .everywhere, categories: Set<EntityID> = [], rate: Int64) {
        self.name = name
        self.region = region
        self.categories = categories
        self.rate = rate
    }

    private func holds(for item: PricedItem, to destination: Region?) -> Bool {
        (destination ?? .everywhere).lies(in: region) && (categories.isEmpty || !categories.isDisjoint(with: item.categories))
    }

    /// The rule of the most precise region; there, one that names the goods before one for all goods; the earlier of equals.
    package static func deciding(_ item: PricedItem, among rules: [TaxRule], to destination: Region?) -> TaxRule? {
        var best: TaxRule?
        for rule in rules where rule.holds(for: item, to: destination) {
            guard let other = best else { best = rule; continue }
            let mine = (rule.region.codes.count, rule.categories.isEmpty ? 0 : 1)
            if mine > (other.region.codes.count, other.categories.isEmpty ? 0 : 1) { best = rule }
        }
        return best
    }
}

/// A rate, and the rule it is from; empty for the goods' own.
struct TaxRate: Hashable, CustomStringConvertible {
    let rule: String
    let hundredths: Int64

    /// More than the price itself is a mistyped rate.
    static let max: Int64 = 10_000

    static func deciding(_ item: PricedItem, _ offers: PriceOffers) -> TaxRate {
        if let own = item.taxRate { return TaxRate(rule: "", hundredths: own) }
        let rule = TaxRule.deciding(item, among: offers.taxRules, to: offers.destination)
        return TaxRate(rule: rule?.name ?? "", hundredths: rule?.rate ?? 0)
    }

    var description: String {
        let rest = hundredths % 100
        guard rest != 0 else { return "\(hundredths / 100) %" }
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
