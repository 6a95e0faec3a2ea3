import Commerce
import Simulation
import Testing

@Suite struct PriceRuleTests {
    private static let bodies: [JSON] = [
        ["kind": "tier", "name": "两件价", "sku": "s0", "from_quantity": 2, "unit": 900, "members_only": true, "currency": "CNY"],
        ["kind": "time", "name": "限时", "categories": ["c1"], "percent_off": 1_000, "begins": 0, "ends": 4_000_000_000_000],
        ["kind": "time", "name": "一口价", "products": ["p-s0"], "unit": 10, "begins": 0, "ends": 4_000_000_000_000, "currency": "CNY"],
        ["kind": "promotion", "name": "满300减50", "threshold": 30_000, "amount_off": 5_000, "group": "full", "quota": true, "currency": "CNY"],
        ["kind": "promotion", "name": "每满", "threshold": 100, "amount_off": 5, "each": true, "times_max": 3, "place": 7, "currency": "CNY"],
        ["kind": "coupon", "name": "九折", "percent_off": 1_000, "amount_max": 500, "products": ["p-s1"], "currency": "CNY"],
        ["kind": "points", "name": "积分", "points_per_unit": 10, "share_max": 5_000, "channels": ["web"], "currency": "CNY"],
        [
            "kind": "freight", "name": "快递", "basis": "weight", "currency": "CNY", "excluded": [["CN", "65"]],
            "zones": [["region": ["CN"], "first": 1_000, "first_fee": 800, "next": 500, "next_fee": 200, "free_from_amount": 9_900]],
        ],
        ["kind": "tax", "name": "增值税", "mode": "added", "rate": 1_300, "region": ["CN"], "categories": ["c1"]],
    ]

    private func book(_ bodies: some Sequence<JSON>) throws -> PriceBook {
        let rules = try bodies.enumerated().map { try PriceRule(Cart.id("r\($0.offset)"), $0.element) }
        return PriceBook(version: 1, rules: rules)
    }

    @Test(arguments: bodies) func `a rule is read back as it was set`(_ body: JSON) throws {
        let rule = try PriceRule(Cart.id("r"), body)
        #expect(try PriceRule(Cart.id("r"), JSON.parse(rule.json.text)) == rule)
    }

    @Test func `a rule that speaks of money takes the usual currency, one that does not holds in all`() throws {
        let yen = try #require(Currency("JPY"))
        let amount = try PriceRule(Cart.id("r"), ["kind": "promotion", "name": "x", "amount_off": 5], usual: Cart.yuan)
        #expect(amount.holds(at: ChannelID("web")!, in: Cart.yuan, Cart.noon))
        #expect(!amount.holds(at: ChannelID("web")!, in: yen, Cart.noon))
        let percent = try PriceRule(Cart.id("r"), ["kind": "promotion", "name": "x", "percent_off": 5], usual: Cart.yuan)
        #expect(percent.holds(at: ChannelID("web")!, in: yen, Cart.noon))
        let capped = try PriceRule(Cart.id("r"), ["kind": "promotion", "name": "x", "percent_off": 5, "amount_max": 9], usual: Cart.yuan)
        #expect(capped.currency == Cart.yuan)
    }

    @Test func `a rule begins at its instant and is over at its last`() throws {
        let web = try #require(ChannelID("web"))
        let rule = try PriceRule(Cart.id("r"), ["kind": "promotion", "name": "x", "percent_off": 5, "begins": 10, "ends": 20])
        let held = [9, 10, 19, 20].map { rule.holds(at: web, in: Cart.yuan, Timestamp(milliseconds: $0)) }
        #expect(held == [false, true, true, false])
    }

    @Test func `whatever rules there are, lines come to the total and steps to each line, none below zero`() throws {
        let web = try #require(ChannelID("web"))
        var random = SeededRandom(seed: 11)
        var count = 0
        for seed in 1...1_000 as ClosedRange<UInt64> {
            var request = Cart.random(seed: seed)
            let book = try book(PriceRuleTests.bodies.filter { _ in Bool.random(using: &random) })
            request.offers = book.offers(at: web, in: Cart.yuan, Cart.noon)
            request.offers.destination = Region(["CN", "31"])
            for index in request.items.indices {
                book.apply(to: &request.items[index], at: web, in: Cart.yuan, isMember: Bool.random(using: &random), Cart.noon)
            }
            request.offers.points = book.points(Int64.random(in: 0...9_000, using: &random), at: web, in: Cart.yuan, Cart.noon)
            let order: PricedOrder
            do { order = try PricePipeline.price(request) } catch { continue }
            count += 1
            #expect(order.lines.reduce(0) { $0 + $1.payable } == order.total, "seed \(seed)")
            for (index, line) in order.lines.enumerated() {
                #expect(order.steps.reduce(0) { $0 + $1.lines[index] } == line.payable, "seed \(seed), line \(index)")
                #expect(line.net >= 0 && line.payable >= 0, "seed \(seed), line \(index)")
            }
        }
        #expect(count > 800)
    }
}
