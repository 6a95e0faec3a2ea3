import Commerce
import Store
import TestKit
import Testing

/// Money that does not fit its order never just lies there.
@Suite struct OrderMoneyTests {
    private static func world(_ units: [Int64] = [10]) async throws -> TradeWorld {
        let time = ManualTime()
        return try await TradeWorld(try Store(.memory, surroundings: .still(time: time)), time: time, units: units)
    }

    @Test func `money that comes after a timeout takes the goods again while they are there`() async throws {
        let world = try await Self.world([1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        world.advance(.seconds(1_800))
        try await world.cancel("1-a", by: .timeout)
        #expect(try await world.balance().pool == 1)
        try await world.pay("1-a", 100)
        let order = try await world.order("1-a")
        #expect(order.state.phase == .paid)
        #expect(order.state.refunds.isEmpty)
        #expect(try await world.balance().sold == 1)
        #expect(try await world.amiss() == [])
    }

    @Test func `money that comes after the goods went to others goes back under a number that was written first`() async throws {
        let world = try await Self.world([1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        world.advance(.seconds(1_800))
        try await world.cancel("1-a", by: .timeout)
        try await world.place(world.order("1-b", [(1, 1, 100)]))
        try await world.pay("1-a", 100)
        let order = try await world.order("1-a")
        #expect(order.state.phase == .cancelled)
        #expect(order.state.refunds.map(\.refund.amount) == [TradeWorld.money(100)])
        let tries = try await world.store.read { reading throws(StoreError) in try reading.refundTries(of: "1-a") }
        #expect(tries.map(\.stage) == [.planned])
        #expect(try await world.balance().reserved == 1)
        #expect(try await world.amiss() == [])
    }

    @Test func `goods whose time was over before the money came are held again or the money goes back`() async throws {
        let world = try await Self.world([1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        world.advance(.seconds(1_801))
        try await world.place(world.order("1-b", [(1, 1, 100)]))
        try await world.pay("1-a", 100)
        #expect(try await world.order("1-a").state.phase == .cancelled)
        #expect(try await world.order("1-a").state.money?.opened == 100)
        #expect(try await world.amiss() == [])
    }

    @Test func `a buyer who cancelled and pays all the same gets his money back, and no goods`() async throws {
        let world = try await Self.world([1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        try await world.cancel("1-a", by: .buyer)
        try await world.pay("1-a", 100)
        let order = try await world.order("1-a")
        #expect(order.state.phase == .cancelled)
        #expect(order.state.refunds.map(\.refund.reason) == [.cancelled])
        #expect(try await world.balance().pool == 1)
        #expect(try await world.amiss() == [])
    }

    @Test func `a second payment goes back whole, to the payment that was one too many`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        try await world.pay("1-a", 100, "t1")
        world.advance(.seconds(1))
        try await world.pay("1-a", 100, "t2")
        let refunds = try await world.order("1-a").state.refunds
        #expect(refunds.map(\.refund.payment.transaction) == ["t2"])
        #expect(try await world.amiss() == [])
    }

    @Test func `what is paid too much goes back, what is too little waits for the rest`() async throws {
        let world = try await Self.world()
        for number in ["1-a", "1-b"] { try await world.place(world.order(number, [(1, 1, 100)])) }
        try await world.pay("1-a", 130)
        #expect(try await world.order("1-a").state.refunds.map(\.refund.amount.amount) == [30])
        try await world.pay("1-b", 70, "t1")
        #expect(try await world.order("1-b").state.phase == .awaitingPayment)
        #expect(try await world.order("1-b").state.money?.missing == 30)
        try await world.pay("1-b", 30, "t2")
        #expect(try await world.order("1-b").state.phase == .paid)
        #expect(try await world.amiss() == [])
    }

    @Test func `two refunds at once never give back more than came in`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 2, 100)]))
        try await world.pay("1-a", 200)
        func goodwill(_ id: String) -> OrderFact {
            .refundOpened(
                Refund(
                    number: EntityID(id)!, payment: PaymentRef(gateway: TradeWorld.gateway, transaction: "t-1-a"),
                    amount: TradeWorld.money(150), lines: [LineShare(line: 1, pieces: 0, amount: 150)], reason: .goodwill))
        }
        let both = try await withThrowingTaskGroup(of: Bool.self) { group in
            for id in ["x1", "x2"] {
                group.addTask {
                    if case .told = try await world.tell(goodwill(id), of: "1-a") { true } else { false }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(both == 1)
        #expect(try await world.order("1-a").state.money?.opened == 150)
        #expect(try await world.amiss() == [])
    }

    @Test func `without the rules the schema itself keeps a refund within its payment`() async throws {
        let time = ManualTime()
        let still = Surroundings.still(time: time)
        let store = try Store(
            .memory, surroundings: Surroundings(time: time, random: still.random, ids: still.ids, plantedInOrders: .refundsWithoutBound))
        let world = try await TradeWorld(store, time: time)
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        try await world.pay("1-a", 100)
        let refund = Refund(
            number: EntityID("x1")!, payment: PaymentRef(gateway: TradeWorld.gateway, transaction: "t-1-a"),
            amount: TradeWorld.money(101), reason: .goodwill)
        await #expect(throws: StoreError.self) { try await world.tell(.refundOpened(refund), of: "1-a") }
        #expect(try await world.order("1-a").state.money?.opened == 0)
    }

    @Test func `a refund keeps its number through every try, and unknown is a state`() async throws {
        let world = try await Self.world()
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        try await world.cancel("1-a", by: .buyer)
        try await world.pay("1-a", 100)
        let id = EntityID("r1")!
        let later = world.time.now() + .seconds(60)
        let begun = try await world.store.write { writing throws(StoreError) in try writing.beginRefund(id, of: "1-a", lookAgainAt: later) }
        #expect(begun)
        func stages() async throws -> [RefundTry.Stage] {
            try await world.store.read { reading throws(StoreError) in try reading.refundTries(of: "1-a").map(\.stage) }
        }
        #expect(try await stages() == [.unknown])
        try await world.tell(.refundRefused(id, attempt: 1, reason: "not enough balance"), of: "1-a")
        try await world.store.write { writing throws(StoreError) in
            try writing.refuseRefund(id, of: "1-a", told: "not enough balance", lookAgainAt: nil)
        }
        #expect(try await stages() == [.refused])
        #expect(try await world.order("1-a").state.money?.opened == 100)
        let again = try await world.store.write { writing throws(StoreError) in try writing.retryRefund(id, of: "1-a") }
        #expect(again)
        let due = try await world.store.read { reading throws(StoreError) in try reading.dueRefunds(at: later, limit: 10) }
        #expect(due.map(\.refund) == [id])
        try await world.tell(.refundSettled(id), of: "1-a")
        #expect(try await stages() == [.settled])
        let over = try await world.store.write { writing throws(StoreError) in try writing.beginRefund(id, of: "1-a", lookAgainAt: later) }
        #expect(!over)
        #expect(try await world.amiss() == [])
    }
}
