import Commerce
import Store
import TestKit
import Testing

/// What others say of an order may be impossible; the order and all others go on.
@Suite struct OutsideFactTests {
    private static func world(_ units: [Int64] = [10]) async throws -> TradeWorld {
        let time = ManualTime()
        return try await TradeWorld(try Store(.memory, surroundings: .still(time: time)), time: time, units: units)
    }

    private static func id(_ text: String) -> EntityID { EntityID(text)! }

    private static func remark(_ world: TradeWorld, _ number: String) async throws -> Bool {
        guard case .told = try await world.tell(.remarked(id("n1"), text: "seen"), of: number) else { return false }
        return true
    }

    @Test func `goods called off elsewhere after they left are a problem of the order, not a damaged store`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 2, 100)]))
        try await world.pay("1-a", 200)
        try await world.ship("p1", "1-a", [(1, 2)])
        let claim = AfterSaleClaim(kind: .callOff, lines: [LineShare(line: 1, pieces: 1, amount: 100)], reason: "late", evidence: [])
        try await world.tell(.afterSale(Self.id("c1"), .asked(claim)), of: "1-a", judged: false)
        try await world.tell(
            .afterSale(Self.id("c1"), .answered(1, AfterSaleAnswer(by: .seller, .agree))), of: "1-a", judged: false)
        let order = try await world.order("1-a")
        #expect(order.state.problems.contains(.shippedTooMany(line: 1, pieces: 3, ordered: 2)))
        #expect(try await world.balance().onHand == 8)
        #expect(try await Self.remark(world, "1-a"))
    }

    @Test func `an order of which more was shipped elsewhere than it has can still be worked on`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 2, 100)]))
        try await world.pay("1-a", 200)
        let parcel = Parcel(
            id: Self.id("p9"), carrier: "SF", tracking: "SF9", warehouse: .main, lines: [LinePieces(line: 1, pieces: 3)])
        try await world.tell(.shipped(parcel), of: "1-a", judged: false)
        #expect(try await Self.remark(world, "1-a"))
        guard case .told = try await world.tell(.received(by: .timer), of: "1-a") else {
            Issue.record("its timer cannot end it")
            return
        }
    }

    @Test func `no two orders of channels have one number, however both are called`() throws {
        let (shop, shopEU, long) = (ChannelID("shop")!, ChannelID("shop-eu")!, ChannelID("shop-eu-west-1")!)
        #expect(OrderNumber.of("eu-1", at: shop) != OrderNumber.of("1", at: shopEU))
        let hashed = OrderNumber.of("an order/of 1", at: long)
        for channel in [shop, shopEU, ChannelID(String(long.text.prefix(12)))!] {
            let prefix = channel.text.utf8.count + 1
            #expect(OrderNumber.of(String(hashed.dropFirst(prefix)), at: channel) != hashed)
            #expect(OrderNumber.of(String(hashed.dropFirst(prefix - 1)), at: channel) != hashed)
        }
    }

    @Test func `amounts no order has end in a problem, never in an overflow`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 2, 100)]))
        let share: JSON = ["line": 1, "pieces": 1, "amount": .integer(Money.amountMax)]
        let body: (Int) -> JSON = { number in
            [
                "refund": .string("x\(number)"), "gateway": "till", "transaction": "t-1", "reason": "surplus",
                "amount": ["amount": .integer(Money.amountMax), "currency": "CNY"],
                "lines": .array(Array(repeating: share, count: PricedOrder.linesMax)),
            ]
        }
        for number in 1...3 {
            guard let fact = try? OrderFact(kind: .refundOpened, body: body(number)) else { continue }
            try await world.tell(fact, of: "1-a", judged: false)
        }
        #expect(try await world.order("1-a").state.placed != nil)
    }
}
