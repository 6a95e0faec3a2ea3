import Commerce
import Simulation

/// Orders to price, simple ones by hand and wild ones by seed.
enum Cart {
    static let noon = Timestamp(milliseconds: 1_800_000_000_000)

    static func id(_ text: String) -> EntityID {
        guard let id = EntityID(text) else { preconditionFailure("\(text) is no id") }
        return id
    }

    static var yuan: Currency {
        guard let currency = Currency("CNY") else { preconditionFailure("CNY is a currency") }
        return currency
    }

    static func item(_ name: String, _ quantity: Int64, at list: Int64) -> PricedItem {
        PricedItem(sku: id(name), product: id("p-\(name)"), quantity: quantity, list: list)
    }

    static func request(_ items: [PricedItem], _ adjust: (inout PriceOffers) -> Void = { _ in }) -> PriceRequest {
        var offers = PriceOffers()
        adjust(&offers)
        return PriceRequest(currency: yuan, items: items, offers: offers, at: noon)
    }

    /// A cart with whatever may be in one, all numbers within what is allowed.
    static func random(seed: UInt64) -> PriceRequest {
        var random = SeededRandom(seed: seed)
        func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }
        func amount(_ most: Int64) -> Int64 { Int64.random(in: 0...most, using: &random) }
        let dear: Int64 = chance(20) ? 100_000_000_000 : 100_000
        let items = (0..<Int.random(in: 1...12, using: &random)).map { index in
            var item = item("s\(index / 2)", 1 + amount(chance(10) ? 5_000 : 7), at: amount(dear))
            item.categories = [id("c\(amount(3))")]
            if chance(3) { item.channel = amount(dear) }
            if chance(3) { item.tiers = [TierPrice(name: "gold", fromQuantity: 1 + amount(5), unit: amount(dear))] }
            if chance(3) {
                item.timed = [
                    TimedPrice(
                        name: "sale", reduction: chance(2) ? .unit(amount(dear)) : .percentOff(amount(10_000)),
                        begins: Timestamp(milliseconds: noon.milliseconds - amount(5)),
                        ends: Timestamp(milliseconds: noon.milliseconds + amount(5)))
                ]
            }
            item.measure.grams = amount(3_000)
            item.measure.cubicCentimetres = amount(9_000)
            item.measure.isSent = !chance(6)
            if chance(2) { item.taxRate = amount(2_500) }
            return item
        }
        return request(items) { offers in
            offers.promotions = (0..<Int(amount(4))).map { reduction("m\($0)", dear, group: chance(2) ? "g" : nil, &random) }
            if chance(2) { offers.points = PointsOffer(points: amount(500_000), pointsPerUnit: 1 + amount(9), shareMax: amount(10_000)) }
            if chance(2) {
                offers.destination = Region(["CN", "44", "03"])
                offers.freight = FreightTemplate(
                    name: "post", basis: [.count, .weight, .volume][Int(amount(2))],
                    zones: [
                        .init(region: Region(["CN"]), first: amount(1_000), firstFee: amount(2_000), next: amount(500), nextFee: amount(300))
                    ])
            }
            offers.tax = chance(2) ? .included : .added
            offers.taxRules = [TaxRule(name: "vat", rate: amount(2_500))]
        }
    }

    private static func reduction(_ id: String, _ dear: Int64, group: String?, _ random: inout SeededRandom) -> Reduction {
        let amount = Int64.random(in: 0...dear, using: &random)
        let benefit: Reduction.Benefit =
            switch Int.random(in: 0...2, using: &random) {
            case 0: .amount(amount)
            case 1: .amountEach(amount / 10, timesMax: 9)
            default: .percent(amount % 10_001, amountMax: Bool.random(using: &random) ? amount : nil)
            }
        let scope: Reduction.Scope =
            switch Int.random(in: 0...2, using: &random) {
            case 0: .everything
            case 1: .categories([Cart.id("c1"), Cart.id("c2")])
            default: .products([Cart.id("p-s0"), Cart.id("p-s1")])
            }
        return Reduction(id: id, name: id, benefit: benefit, scope: scope, threshold: amount / 3, group: group)
    }
}
