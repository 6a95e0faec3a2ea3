import Commerce
import Testing

@Suite struct PricePipelineTests {
    private func timed(_ name: String, _ reduction: TimedPrice.Reduction, from: Int64, to: Int64) -> TimedPrice {
        TimedPrice(
            name: name, reduction: reduction, begins: Timestamp(milliseconds: Cart.noon.milliseconds + from),
            ends: Timestamp(milliseconds: Cart.noon.milliseconds + to))
    }

    @Test func `each step takes what the one before left, and says what it did`() throws {
        var tea = Cart.item("tea", 3, at: 10_000)
        tea.channel = 9_000
        tea.tiers = [TierPrice(name: "three or more", fromQuantity: 3, unit: 8_000)]
        tea.timed = [timed("morning", .percentOff(1_000), from: -1, to: 1)]
        tea.taxRate = 1_300
        let cup = Cart.item("cup", 1, at: 5_000)
        let priced = try PricePipeline.price(
            Cart.request([tea, cup]) { offers in
                offers.promotions = [Reduction(id: "full", name: "20 off 200", benefit: .amount(2_000), threshold: 20_000)]
                offers.coupons = [Reduction(id: "c1", name: "10 %", benefit: .percent(1_000, amountMax: 1_000))]
                offers.points = PointsOffer(points: 1_000, pointsPerUnit: 10)
                offers.destination = Region(["CN", "31"])
                offers.freight = FreightTemplate(
                    name: "post", basis: .count, zones: [.init(region: Region(["CN"]), first: 1, firstFee: 1_000, next: 1, nextFee: 100)])
            })
        #expect(priced.steps.map(\.name) == [.list, .channel, .tier, .time, .promotion, .coupon, .points, .freight, .tax])
        #expect(priced.steps.map(\.amount) == [35_000, -3_000, -3_000, -2_400, -2_000, -1_000, -100, 1_300, 0])
        #expect(priced.total == 24_800)
        #expect(priced.points == 1_000 && priced.lines.map(\.points).reduce(0, +) == 1_000)
        let rows = priced.explanation(ofLine: 0)
        #expect(rows.first?.words == "list price" && rows.last?.words == "13 % tax, held in the price")
        #expect(rows.last?.after == priced.lines[0].payable)
    }

    @Test func `a time discount holds from its first instant to before its last`() throws {
        for (from, to, holds) in [(0, 1, true), (-1, 0, false), (1, 2, false)] as [(Int64, Int64, Bool)] {
            var item = Cart.item("a", 1, at: 100)
            item.timed = [timed("t", .unit(60), from: from, to: to)]
            #expect(try PricePipeline.price(Cart.request([item])).total == (holds ? 60 : 100))
        }
    }

    @Test func `two lines of one SKU reach a tier together, and a tier never makes dearer`() throws {
        var item = Cart.item("a", 2, at: 100)
        item.tiers = [TierPrice(name: "four", fromQuantity: 4, unit: 90), TierPrice(name: "silly", fromQuantity: 1, unit: 900)]
        #expect(try PricePipeline.price(Cart.request([item])).total == 200)
        #expect(try PricePipeline.price(Cart.request([item, item])).total == 360)
    }

    @Test func `of a group only the best promotion applies, of equals the first`() throws {
        let item = Cart.item("a", 1, at: 10_000)
        func off(_ id: String, _ amount: Int64, group: String?) -> Reduction {
            Reduction(id: id, name: id, benefit: .amount(amount), group: group)
        }
        let priced = try PricePipeline.price(
            Cart.request([item]) {
                $0.promotions = [
                    off("a", 100, group: "g"), off("b", 300, group: "g"), off("c", 300, group: "g"), off("d", 50, group: nil),
                ]
            })
        #expect(priced.steps.filter { $0.name == .promotion }.map(\.rule) == ["b", "d"])
        #expect(priced.total == 9_650)
    }

    @Test func `every full hundred gives ten, but not more often than promised`() throws {
        let each = Reduction(id: "e", name: "10 per 100", benefit: .amountEach(1_000, timesMax: 3), threshold: 10_000)
        for (pieces, total) in [(9, 9_000), (10, 9_000), (29, 27_000), (30, 27_000), (60, 57_000)] as [(Int64, Int64)] {
            let priced = try PricePipeline.price(Cart.request([Cart.item("a", pieces, at: 1_000)]) { $0.promotions = [each] })
            #expect(priced.total == total, "\(pieces)")
        }
    }

    @Test func `a coupon that cannot be used is said so, never passed over`() {
        let items = [Cart.item("a", 1, at: 1_000)]
        let coupons: [([Reduction], String)] = [
            ([Reduction(id: "x", name: "", benefit: .amount(1), threshold: 1_001)], "it needs 10.01 CNY, these items come to 10.00 CNY"),
            ([Reduction(id: "x", name: "", benefit: .amount(1), scope: .products([Cart.id("p-b")]))], "nothing in the order is in its scope"),
            ([Reduction(id: "x", name: "", benefit: .amount(1)), Reduction(id: "x", name: "", benefit: .amount(1))], "it is named twice"),
            (
                [
                    Reduction(id: "y", name: "", benefit: .amount(1), group: "g"),
                    Reduction(id: "x", name: "", benefit: .amount(1), group: "g"),
                ], "it cannot be combined with another of g"
            ),
            ([Reduction(id: "y", name: "", benefit: .amount(5_000)), Reduction(id: "x", name: "", benefit: .amount(1))], "nothing is left to take off"),
        ]
        for (named, reason) in coupons {
            #expect(throws: PricingFault.coupon(id: "x", reason: reason)) {
                try PricePipeline.price(Cart.request(items) { $0.coupons = named })
            }
        }
    }

    @Test func `a thousand lines are priced and kept, one more is refused`() throws {
        let items = (0..<1_000).map { index in
            var item = Cart.item("s\(index)", 2, at: 100)
            item.tiers = [TierPrice(name: "tier \(index)", fromQuantity: 1, unit: 99)]
            return item
        }
        let priced = try PricePipeline.price(Cart.request(items))
        #expect(priced.total == 198_000)
        #expect(try PricedOrder(priced.json) == priced && priced.json.bytes.count < 500_000)
        #expect(throws: PricingFault.tooManyLines(1_001)) { try PricePipeline.price(Cart.request(items + [items[0]])) }
    }

    @Test func `numbers nobody can mean are refused by line`() {
        for quantity in [0, -1, Int64.min, 1_000_000_001, Int64.max] {
            #expect(throws: PricingFault.quantity(line: 1, quantity)) {
                try PricePipeline.price(Cart.request([Cart.item("a", 1, at: 1), Cart.item("b", quantity, at: 1)]))
            }
        }
        #expect(throws: PricingFault.price(line: 0, -1)) { try PricePipeline.price(Cart.request([Cart.item("a", 1, at: -1)])) }
        #expect(throws: PricingFault.tooLarge(line: 0)) {
            try PricePipeline.price(Cart.request([Cart.item("a", 1_000_000_000, at: Money.amountMax)]))
        }
        #expect(throws: PricingFault.noItems) { try PricePipeline.price(Cart.request([])) }
        var heavy = Cart.item("a", 1_000_000_000, at: 1)
        heavy.measure.grams = .max
        #expect(throws: PricingFault.tooLarge(line: 0)) {
            try PricePipeline.price(
                Cart.request([heavy]) {
                    $0.destination = Region(["CN"])
                    $0.freight = FreightTemplate(
                        name: "w", basis: .weight, zones: [.init(region: .everywhere, first: 1, firstFee: 1, next: 1, nextFee: 1)])
                })
        }
    }
}
