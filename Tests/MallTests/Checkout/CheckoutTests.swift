import Commerce
import Mall
import Store
import TestKit
import Testing

/// From a basket over a quote to an order; what a client says of prices has no way in.
@Suite struct CheckoutTests {
    private let store: Store
    private let world: TradeWorld
    private let checkout = Checkout()
    private static let ann = EntityID("ann")!

    init() async throws {
        let time = ManualTime()
        store = try Store(.memory, surroundings: .still(time: time))
        world = try await TradeWorld(store, time: time, units: [])
        try await store.write { writing throws(StoreError) in
            for sample in [ShelfSample("cup", price: 1_000, grams: 300), ShelfSample("pot", price: 5_000, channelPrice: 4_500, grams: 900, units: 1)] {
                try sample.put(writing)
            }
            for (kind, id, quantity) in [(EntitlementKind.coupon, "spring.1", Int64(1)), (.points, "ann", 1_000), (.quota, "flash", 1)] {
                _ = try writing.issue(kind, id, quantity, to: kind == .quota ? nil : Self.ann, cause: .own("t/\(id)"), author: "t")
            }
        }
    }

    private func rule(_ id: String, _ body: JSON) async throws {
        let rule = try PriceRule(EntityID(id)!, body)
        try await store.write { writing throws(StoreError) in _ = try writing.putPriceRule(rule) }
    }

    private func basket(_ lines: [(String, Int64)], member: EntityID? = ann) -> Basket {
        Basket(
            channel: TradeWorld.web, member: member, lines: lines.map { .init(sku: EntityID($0.0)!, quantity: $0.1) },
            currency: TradeWorld.yuan, locale: "zh-CN")
    }

    private func offer(_ basket: Basket) async throws -> Offer {
        let (checkout, now) = (self.checkout, world.time.now())
        return try await store.read { reading throws(StoreError) in try checkout.offer(basket, reading, now: now) }
    }

    private func quote(_ basket: Basket) async throws -> Quote {
        let checkout = self.checkout
        return try await store.write { writing throws(StoreError) in try checkout.quote(basket, writing).quote }
    }

    private func place(_ quote: Quote, member: EntityID? = ann) async throws -> Checking {
        let checkout = self.checkout
        let delivery = try Delivery(name: "李雷", phone: "13800001234", address: "1 Road")
        return try await store.write { writing throws(StoreError) in
            try checkout.place(quote.id, delivery, channel: TradeWorld.web, member: member, by: "web", writing)
        }
    }

    private func refusal(_ basket: Basket) async throws -> String? {
        do {
            _ = try await offer(basket)
            return nil
        } catch StoreError.invalid(let failure) { return failure.description }
    }

    @Test func `a channel's own price goes before everybody's, and each step says what it did`() async throws {
        let found = try await offer(basket([("cup", 2), ("pot", 1)]))
        #expect(found.lines.map(\.payable) == [2_000, 4_500])
        #expect(found.lines.map(\.title) == ["杯子 cup", "杯子 pot"])
        #expect(found.steps.map(\.name) == [.list, .channel])
        #expect(found.total == 6_500)
    }

    @Test func `all steps stand in their order and come to what is paid`() async throws {
        try await rule("many", ["kind": "tier", "name": "两件价", "sku": "cup", "from_quantity": 2, "unit": 900])
        try await rule("sale", ["kind": "time", "name": "限时", "products": ["p-pot"], "percent_off": 1_000, "begins": 0, "ends": 4_000_000_000_000])
        try await rule("full", ["kind": "promotion", "name": "满50减5", "threshold": 5_000, "amount_off": 500])
        try await rule("spring", ["kind": "coupon", "name": "春季券", "amount_off": 300])
        try await rule("points", ["kind": "points", "name": "积分", "points_per_unit": 10])
        try await rule(
            "post",
            [
                "kind": "freight", "name": "快递", "basis": "weight",
                "zones": [["region": ["CN"], "first": 1_000, "first_fee": 800, "next": 1_000, "next_fee": 200]],
            ])
        try await rule("vat", ["kind": "tax", "name": "增值税", "mode": "included", "rate": 1_300])
        var wanted = basket([("cup", 2), ("pot", 1)])
        (wanted.coupons, wanted.points, wanted.destination) = (["spring.1"], 1_000, Region(["CN", "31"]))
        let found = try await offer(wanted)
        #expect(found.steps.map(\.name) == [.list, .channel, .tier, .time, .promotion, .coupon, .points, .freight, .tax])
        // 1800 + 4050 − 500 − 300 − 100, and 800 + 200 for 1.5 kg.
        #expect(found.total == 5_950)
        for (index, line) in found.lines.enumerated() {
            let steps = found.steps.filter { $0.name != .tax }.reduce(0) { $0 + $1.lines[index] }
            #expect(steps == line.payable, "the steps of line \(index) come to \(steps)")
        }
        #expect(found.points == 1_000)
        #expect(try Offer(found.json) == found)
    }

    @Test func `a quote becomes one order, with goods, coupon and points held, however often it is placed`() async throws {
        try await rule("spring", ["kind": "coupon", "name": "春季券", "amount_off": 300])
        var wanted = basket([("cup", 2)])
        wanted.coupons = ["spring.1"]
        let quote = try await quote(wanted)
        guard case .placed(let order) = try await place(quote) else { Issue.record("not placed"); return }
        #expect(order.state.money?.total == 1_700)
        guard case .known(let again) = try await place(quote) else { Issue.record("placed twice"); return }
        #expect(again.number == order.number)
        let coupon = try await store.read { reading throws(StoreError) in try reading.entitlement(.coupon, "spring.1") }
        #expect(coupon?.balance.held == 1)
        #expect(try await world.amiss() == [])
    }

    @Test func `a price that changes after the quote changes nothing for its order`() async throws {
        let quote = try await quote(basket([("cup", 1)]))
        try await store.write { writing throws(StoreError) in
            let unit = UnitRef(EntityRef(.sku, EntityID("cup")!), UnitName("price.CNY")!)
            _ = try writing.apply(UnitWrite(unit, ["amount": 9_900], author: "test", origin: .api))
        }
        guard case .placed(let order) = try await place(quote) else { Issue.record("not placed"); return }
        #expect(order.state.money?.total == 1_000)
    }

    @Test func `an expired quote, somebody else's, and goods that are gone are told apart`() async throws {
        let first = try await quote(basket([("pot", 1)]))
        let second = try await quote(basket([("pot", 1)]))
        await #expect(throws: StoreError.notFound("quote \(first.id)")) { try await place(first, member: nil) }
        guard case .placed = try await place(first) else { Issue.record("not placed"); return }
        guard case .short(let missing) = try await place(second) else { Issue.record("sold twice"); return }
        #expect(missing.map(\.available) == [0])
        let third = try await quote(basket([("cup", 1)]))
        world.advance(Checkout.quoteLifetime)
        guard case .expired = try await place(third) else { Issue.record("an old price was taken"); return }
        #expect(try await world.amiss() == [])
    }

    @Test func `of two orders that want one coupon one gets it, and the other is told`() async throws {
        try await rule("spring", ["kind": "coupon", "name": "春季券", "amount_off": 300])
        var wanted = basket([("cup", 1)])
        wanted.coupons = ["spring.1"]
        let quotes = [try await quote(wanted), try await quote(wanted)]
        guard case .placed = try await place(quotes[0]) else { Issue.record("not placed"); return }
        guard case .refused(.coupon, "spring.1", _) = try await place(quotes[1]) else { Issue.record("used twice"); return }
        let cup = try await store.read { reading throws(StoreError) in
            try reading.availability(EntityRef(.sku, EntityID("cup")!), at: Timestamp(milliseconds: 0))
        }
        #expect(cup.open == 9)
    }

    @Test func `a promotion of which there is one left is had by one order`() async throws {
        try await rule("flash", ["kind": "promotion", "name": "秒杀", "amount_off": 400, "quota": true])
        let first = try await quote(basket([("cup", 1)]))
        guard case .placed(let order) = try await place(first) else { Issue.record("not placed"); return }
        #expect(order.state.money?.total == 600)
        #expect(try await offer(basket([("cup", 1)])).total == 1_000)
    }

    @Test func `a promotion whose quota was never given out is promised to nobody`() async throws {
        try await rule("rare", ["kind": "promotion", "name": "秒杀", "amount_off": 400, "quota": true])
        let quote = try await quote(basket([("cup", 1)]))
        guard case .placed(let order) = try await place(quote) else { Issue.record("a quote that can never be placed"); return }
        #expect(order.state.money?.total == 1_000)
    }

    @Test func `a rule for a category holds for goods filed below it, even in a ring of categories`() async throws {
        try await rule("kitchen", ["kind": "promotion", "name": "厨房", "categories": ["kitchen"], "percent_off": 1_000])
        #expect(try await offer(basket([("cup", 1)])).total == 1_000)
        try await store.write { writing throws(StoreError) in
            for (id, parent) in [("cups", "kitchen"), ("kitchen", "house"), ("house", "cups")] {
                let category = EntityRef(.category, EntityID(id)!)
                try writing.create(category)
                let place = UnitRef(category, UnitName("place")!)
                _ = try writing.apply(UnitWrite(place, ["parent": .string(parent)], author: "test", origin: .api))
            }
        }
        #expect(try await offer(basket([("cup", 1)])).total == 900)
    }

    @Test func `amounts of one currency are no amounts of another`() async throws {
        try await store.write { writing throws(StoreError) in
            let unit = UnitRef(EntityRef(.sku, EntityID("cup")!), UnitName("price.JPY")!)
            _ = try writing.apply(UnitWrite(unit, ["amount": 200], author: "test", origin: .api))
        }
        try await rule("less", ["kind": "promotion", "name": "减1元", "amount_off": 100, "currency": "CNY"])
        try await rule("tenth", ["kind": "promotion", "name": "九折", "percent_off": 1_000])
        try await rule("spring", ["kind": "coupon", "name": "春季券", "amount_off": 100, "currency": "CNY"])
        var yen = basket([("cup", 1)])
        yen.currency = Currency("JPY")!
        #expect(try await offer(yen).total == 180)
        #expect(try await offer(basket([("cup", 1)])).total == 810)
        yen.coupons = ["spring.1"]
        #expect(try await refusal(yen)?.hasPrefix("coupons[0]: there is no such coupon here") == true)
        try await rule("post", ["kind": "freight", "name": "快递", "basis": "count", "currency": "CNY", "zones": [["region": ["CN"], "first": 1, "first_fee": 800]]])
        (yen.coupons, yen.destination) = ([], Region(["CN"]))
        #expect(try await refusal(yen)?.hasPrefix("currency: no freight rule is in JPY") == true)
    }

    @Test func `coupons and points come back when the order is called off`() async throws {
        try await rule("spring", ["kind": "coupon", "name": "春季券", "amount_off": 300])
        try await rule("points", ["kind": "points", "name": "积分", "points_per_unit": 10])
        var wanted = basket([("cup", 1)])
        (wanted.coupons, wanted.points) = (["spring.1"], 500)
        guard case .placed(let order) = try await place(try await quote(wanted)) else { Issue.record("not placed"); return }
        try await world.pay(order.number, 650)
        try await world.cancel(order.number, by: .operator)
        let left = try await store.read { reading throws(StoreError) in
            [try reading.entitlement(.coupon, "spring.1")?.balance.available, try reading.entitlement(.points, "ann")?.balance.available]
        }
        #expect(left == [1, 1_000])
        #expect(try await world.amiss() == [])
    }

    @Test func `what cannot be bought is named with its line and its reason`() async throws {
        try await store.write { writing throws(StoreError) in
            try ShelfSample("old", price: 100).put(writing)
            let shelf = UnitRef(EntityRef(.product, EntityID("p-old")!), UnitName("shelf")!)
            _ = try writing.apply(UnitWrite(shelf, ["state": "off"], author: "test", origin: .api))
        }
        #expect(try await refusal(basket([])) == "lines: must not be empty")
        #expect(try await refusal(basket([("cup", 1), ("nothing", 1)])) == "lines[1].sku: there is no SKU nothing")
        #expect(try await refusal(basket([("old", 1)])) == "lines[0].sku: old is not sold here now; take it out")
        #expect(try await refusal(basket([("cup", 1), ("cup", 2)])) == "lines[1].sku: is the same as in line 0; name each once, with all its pieces")
        for quantity in [0, -1, Int64.max] {
            #expect(try await refusal(basket([("cup", quantity)]))?.hasPrefix("lines[0].quantity: must be") == true)
        }
        var dollars = basket([("cup", 1)])
        dollars.currency = Currency("USD")!
        #expect(try await refusal(dollars) == "lines[0].sku: cup has no price in USD")
        var coupon = basket([("cup", 1)], member: nil)
        coupon.coupons = ["spring.1"]
        #expect(try await refusal(coupon)?.hasPrefix("coupons[0]: there is no such coupon here") == true)
        var points = basket([("cup", 1)])
        points.points = 1_001
        #expect(try await refusal(points) == "points: 1000 are there, 1001 were asked for")
        #expect(try await refusal(basket((0...1_000).map { ("s\($0)", 1) })) == "lines: has 1001 lines, an order has at most 1000")
    }

    @Test func `a rule that cannot be is refused with its field`() throws {
        func problem(_ body: JSON) -> String? {
            do throws(ValidationFailure) {
                _ = try PriceRule(EntityID("r")!, body)
                return nil
            } catch { return error.description }
        }
        #expect(problem(["kind": "gift", "name": "x"])?.hasPrefix("kind: must be one of tier") == true)
        #expect(problem(["kind": "coupon", "name": "x", "amount_off": 0])?.hasPrefix("amount_off: must be") == true)
        #expect(problem(["kind": "coupon", "name": "x", "amount_of": 1])?.contains("did you mean \"amount_off\"") == true)
        #expect(problem(["kind": "freight", "name": "x", "basis": "weight", "zones": []]) == "zones: must not be empty: it would go nowhere")
        #expect(problem(["kind": "promotion", "name": "x", "amount_off": 5, "each": true]) == "threshold: is required: each of what?")
        for (beside, extra) in [("percent_off", "each"), ("percent_off", "times_max"), ("amount_off", "amount_max"), ("amount_off", "times_max")] {
            let body = JSONObject([
                ("kind", "promotion"), ("name", "x"), ("threshold", .integer(1)), (beside, .integer(5)),
                (extra, extra == "each" ? .bool(true) : .integer(5)),
            ])
            #expect(problem(.object(body))?.hasPrefix("\(extra): means nothing beside \(beside)") == true)
        }
        #expect(problem(["kind": "tax", "name": "x", "mode": "added", "region": ["CN"]]) == "rate: is required: what is taken there?")
        #expect(problem(["kind": "coupon", "name": "x", "amount_off": 1, "currency": "XQX9"])?.hasPrefix("currency: ") == true)
        #expect(problem(["kind": "time", "name": "x", "percent_off": 5]) == "ends: a time discount begins and ends")
    }

    @Test func `rules are changed by those who have read them`() async throws {
        try await rule("vat", ["kind": "tax", "name": "增值税", "mode": "included", "rate": 1_300])
        let other = try PriceRule(EntityID("vat")!, ["kind": "tax", "name": "增值税", "mode": "included", "rate": 900])
        try await store.write { writing throws(StoreError) in _ = try writing.putPriceRule(other, base: 1) }
        await #expect(throws: StoreError.self) { try await store.write { writing throws(StoreError) in _ = try writing.putPriceRule(other, base: 1) } }
        try await store.write { writing throws(StoreError) in try writing.dropPriceRule(EntityID("vat")!, base: 2) }
        let left = try await store.read { reading throws(StoreError) in try reading.priceRules(nil, limit: 10) }
        #expect(left == [])
    }
}

/// A book of prices that was read in a transaction that never was.
@Suite struct StalePriceBookTests {
    @Test func `rules of a write that was undone price nothing afterwards`() async throws {
        let time = ManualTime()
        let store = try Store(.memory, surroundings: .still(time: time))
        try await store.write { writing throws(StoreError) in
            try writing.putChannel(TradeWorld.web, settings: [:])
            try ShelfSample("cup", price: 1_000).put(writing)
        }
        let checkout = Checkout()
        let basket = Basket(
            channel: TradeWorld.web, lines: [.init(sku: EntityID("cup")!, quantity: 1)], currency: TradeWorld.yuan, locale: "zh-CN")
        let half = try PriceRule(EntityID("half")!, ["kind": "promotion", "name": "half", "percent_off": 5_000])
        let tenth = try PriceRule(EntityID("tenth")!, ["kind": "promotion", "name": "tenth", "percent_off": 1_000])
        await #expect(throws: StoreError.self) {
            try await store.write { writing throws(StoreError) in
                try writing.putPriceRule(half)
                _ = try checkout.quote(basket, writing)
                throw .contradiction("undone")
            }
        }
        try await store.write { writing throws(StoreError) in _ = try writing.putPriceRule(tenth) }
        let now = time.now()
        let total = try await store.read { reading throws(StoreError) in try checkout.offer(basket, reading, now: now).total }
        #expect(total == 900)
    }
}
