import Commerce
import Store
import TestKit
import Testing

/// What follows in the store from what is told about an order.
@Suite struct OrderPlacingTests {
    private static func world(_ units: [Int64] = [10, 10, 10], fault: OrderFault? = nil) async throws -> TradeWorld {
        let time = ManualTime()
        let still = Surroundings.still(time: time)
        let surroundings = Surroundings(time: time, random: still.random, ids: still.ids, plantedInOrders: fault)
        return try await TradeWorld(try Store(.memory, surroundings: surroundings), time: time, units: units)
    }

    @Test func `a placed order holds its goods, owns them when it is paid, and they leave with its parcels`() async throws {
        let world = try await Self.world()
        guard case .placed = try await world.place(world.order("1-a", [(1, 3, 100), (2, 1, 50)])) else { Issue.record("not placed"); return }
        #expect(try await world.balance().reserved == 3)
        #expect(try await world.pay("1-a", 350).order.state.phase == .paid)
        #expect(try await world.balance().reserved == 0)
        #expect(try await world.balance().sold == 3)
        #expect(try await world.ship("p1", "1-a", [(1, 2)]).order.state.phase == .partlyShipped)
        #expect(try await world.ship("p2", "1-a", [(1, 1), (2, 1)]).order.state.phase == .shipped)
        #expect(try await world.balance().sold == 0)
        #expect(try await world.balance().pool == 7)
        #expect(try await world.amiss() == [])
    }

    @Test func `of two orders for the last unit one is placed and the other told how many there are`() async throws {
        let world = try await Self.world([1])
        guard case .placed = try await world.place(world.order("1-a", [(1, 1, 100)])) else { Issue.record("not placed"); return }
        guard case .short(let missing) = try await world.place(world.order("1-b", [(1, 1, 100)])) else { Issue.record("placed"); return }
        #expect(missing.map(\.available) == [0])
        let other = try await world.store.read { reading throws(StoreError) in try reading.order("1-b") }
        #expect(other == nil)
        #expect(try await world.amiss() == [])
    }

    @Test func `an order of which one line is missing holds nothing and takes no coupon`() async throws {
        let world = try await Self.world([5, 0])
        let member = EntityID("m1")!
        try await world.store.write { writing throws(StoreError) in
            _ = try writing.issue(.coupon, "c1", to: member, cause: .own("test/c1"), author: "t")
        }
        let order = world.order("1-a", [(1, 1, 100), (2, 1, 100)], member: "m1", coupons: ["c1"])
        let demand = try EntitlementDemand(coupons: ["c1"], member: member)
        guard case .short = try await world.place(order, entitlements: demand) else { Issue.record("placed"); return }
        let coupon = try await world.store.read { reading throws(StoreError) in try reading.entitlement(.coupon, "c1") }
        #expect(coupon?.balance.available == 1)
        #expect(try await world.balance().pool == 5)
    }

    @Test func `placing the same order again answers the order that is there`() async throws {
        let world = try await Self.world([1])
        let order = world.order("1-a", [(1, 1, 100)])
        try await world.place(order)
        guard case .known(let known) = try await world.place(order) else { Issue.record("placed twice"); return }
        #expect(known.version == 1)
        #expect(try await world.balance().reserved == 1)
    }

    @Test func `whatever is told twice happens once`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 2, 100)]))
        for _ in 0..<3 {
            try await world.pay("1-a", 200)
            try await world.ship("p1", "1-a", [(1, 2)])
        }
        let order = try await world.order("1-a")
        #expect(order.version == 3)
        #expect(order.state.money?.captured == 200)
        #expect(try await world.balance().pool == 8)
        #expect(try await world.amiss() == [])
    }

    @Test func `a payment heard before its order waits for it and then pays it`() async throws {
        let world = try await Self.world()
        try await world.pay("1-a", 100)
        #expect(try await world.order("1-a").state.phase == .expected)
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        #expect(try await world.order("1-a").state.phase == .paid)
        #expect(try await world.balance().sold == 1)
        #expect(try await world.amiss() == [])
    }

    @Test func `one transaction pays one order`() async throws {
        let world = try await Self.world()
        for number in ["1-a", "1-b"] { try await world.place(world.order(number, [(1, 1, 100)])) }
        try await world.pay("1-a", 100, "t1")
        await #expect(throws: StoreError.contradiction("payment till/t1 paid order 1-a; it cannot pay 1-b as well")) {
            try await world.pay("1-b", 100, "t1")
        }
        #expect(try await world.order("1-b").state.phase == .awaitingPayment)
        #expect(try await world.amiss() == [])
    }

    @Test func `goods of an order that may be paid right now are nobody else's, however long it takes`() async throws {
        let world = try await Self.world([1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        _ = try await world.open("a1", "1-a", 100)
        world.advance(.seconds(86_400))
        guard case .short = try await world.place(world.order("1-b", [(1, 1, 100)])) else { Issue.record("sold twice"); return }
        try await world.pay("1-a", 100, attempt: "a1")
        #expect(try await world.order("1-a").state.phase == .paid)
        #expect(try await world.order("1-a").state.refunds.isEmpty)
        #expect(try await world.amiss() == [])
    }

    @Test func `the planted expiry in doubt sells the goods of somebody who is paying`() async throws {
        let world = try await Self.world([1], fault: .expiresInDoubt)
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        _ = try await world.open("a1", "1-a", 100)
        world.advance(.seconds(86_400))
        guard case .placed = try await world.place(world.order("1-b", [(1, 1, 100)])) else { Issue.record("the fault is not planted"); return }
    }

    @Test func `when an attempt is closed unpaid the goods go back by their time`() async throws {
        let world = try await Self.world([1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        _ = try await world.open("a1", "1-a", 100)
        world.advance(.seconds(3_600))
        try await world.tell(.paymentClosed(EntityID("a1")!), of: "1-a")
        world.advance(.seconds(61))
        guard case .placed = try await world.place(world.order("1-b", [(1, 1, 100)])) else { Issue.record("kept for ever"); return }
        #expect(try await world.amiss() == [])
    }

    @Test func `an order that costs nothing is paid as it is placed`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 1, 0)]))
        #expect(try await world.order("1-a").state.phase == .paid)
        #expect(try await world.balance().sold == 1)
        #expect(try await world.amiss() == [])
    }

    @Test func `a bundle takes each of its components, summed with what else wants them`() async throws {
        let world = try await Self.world([0, 3, 5])
        let bundle = OrderLine(
            number: 1, title: "Set", priced: PricedLine(sku: TradeWorld.sku(1).id, quantity: 2, unit: 500),
            components: [.init(sku: TradeWorld.sku(2).id, units: 1), .init(sku: TradeWorld.sku(3).id, units: 2)])
        let single = OrderLine(number: 2, title: "Cup", priced: PricedLine(sku: TradeWorld.sku(3).id, quantity: 2, unit: 100))
        let plain = world.order("1-a", [(1, 1, 1)])
        func order(_ number: String, _ lines: [OrderLine]) -> PlacedOrder {
            PlacedOrder(number: number, channel: TradeWorld.web, buyer: plain.buyer, currency: TradeWorld.yuan, lines: lines)
        }
        guard case .short(let missing) = try await world.place(order("1-a", [bundle, single])) else { Issue.record("oversold"); return }
        #expect(missing.map(\.wanted) == [6])
        try await world.place(order("1-b", [bundle]))
        try await world.pay("1-b", 1_000)
        try await world.ship("p1", "1-b", [(1, 1)])
        #expect(try await world.balance(2).sold == 1)
        #expect(try await world.balance(3).sold == 2)
        #expect(try await world.balance(3).pool == 1)
        #expect(try await world.amiss() == [])
    }
}
