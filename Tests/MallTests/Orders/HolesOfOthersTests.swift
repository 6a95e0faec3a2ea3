import Commerce
import Mall
import Simulation
import Store
import TestKit
import Testing

/// Mistakes that widely used malls make with orders, payments and stock; each is a story that ends well here.
@Suite struct HolesOfOthersTests {
    @Test func `a member who cancels at the till and pays all the same has his attempt closed there first`() async throws {
        let house = try await TradeHouse([1])
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        guard case .told = try await house.cashier.cancel("1-a", as: .buyer, reason: "changed my mind", by: "buyer") else {
            Issue.record("not cancelled"); return
        }
        #expect(try await house.payAtTill("1-a", attempt) == false)
        #expect(try await house.world.balance().pool == 1)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a payment that was quicker than the cancellation is heard first, and the order stands`() async throws {
        let house = try await TradeHouse([1])
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        // Paid, and the till's word of it is still on its way.
        _ = house.till.pay(attempt.id, of: "1-a")
        guard case .told(let order) = try await house.cashier.cancel("1-a", as: .buyer, reason: "changed my mind", by: "buyer") else {
            Issue.record("refused"); return
        }
        // It was paid; calling off a paid order gives the money back, and says so.
        #expect(order.state.phase == .cancelled)
        #expect(order.state.money?.captured == 100)
        #expect(order.state.refunds.map(\.refund.amount.amount) == [100])
        try await house.clerk.work()
        #expect(house.till.sentBack == ["1-a-r1": 100])
        #expect(try await house.state("1-a").money?.refunded == 100)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `money for a cancelled order is never swallowed: it goes back by itself`() async throws {
        let house = try await TradeHouse([1])
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        try await house.world.cancel("1-a", by: .buyer)
        try await house.world.pay("1-a", 100, "late")
        try await house.clerk.work()
        #expect(house.till.sentBack == ["1-a-r1": 100])
        #expect(try await house.state("1-a").phase == .cancelled)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `an attempt that was closed and paid all the same is money, and goes where it belongs`() async throws {
        let house = try await TradeHouse([1])
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        try await house.world.tell(.paymentClosed(attempt.id), of: "1-a", judged: false)
        try await house.world.pay("1-a", 100, "t9", attempt: attempt.id.text)
        #expect(try await house.state("1-a").phase == .paid)
        #expect(try await house.state("1-a").money?.captured == 100)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `when two services were paid for one order the second payment goes back`() async throws {
        let house = try await TradeHouse()
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        try await house.world.pay("1-a", 100, "t1")
        house.world.advance(.seconds(2))
        try await house.world.pay("1-a", 100, "t2")
        try await house.clerk.work()
        #expect(house.till.sentBack.values.reduce(0, +) == 100)
        #expect(try await house.state("1-a").refunds.map(\.refund.payment.transaction) == ["t2"])
        #expect(try await house.state("1-a").phase == .paid)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `money taken for what can no longer be had does not leave an order stuck between unpaid and paid`() async throws {
        let house = try await TradeHouse([1])
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)], minutes: 30))
        house.world.advance(.seconds(1_801))
        try await house.bought("1-b", [(1, 1, 100)])
        try await house.world.pay("1-a", 100)
        let state = try await house.state("1-a")
        #expect(state.phase == .cancelled)
        #expect(state.cancellations.last?.cancellation.author == .timeout)
        try await house.clerk.work()
        #expect(try await house.state("1-a").money?.refunded == 100)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a refund is in the books before it is sent, so a crash in between sends it again under its number`() async throws {
        let house = try await TradeHouse()
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        try await house.world.cancel("1-a", by: .operator)
        try await house.world.pay("1-a", 100)
        house.till.turn { $0.forgetsToAnswer = 1_000 }
        try await house.clerk.work()
        #expect(house.till.sentBack == ["1-a-r1": 100])
        let stages = try await house.world.store.read { reading throws(StoreError) in try reading.refundTries(of: "1-a").map(\.stage) }
        #expect(stages == [.unknown])
        house.till.turn { $0.forgetsToAnswer = 0 }
        try await house.wait(.seconds(120))
        #expect(house.till.sentBack == ["1-a-r1": 100])
        #expect(try await house.state("1-a").money?.refunded == 100)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a payment of another amount than was asked for is compared, noted and settled`() async throws {
        let house = try await TradeHouse()
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        try await house.world.pay("1-a", 1, "t1", attempt: attempt.id.text)
        let state = try await house.state("1-a")
        #expect(state.phase == .awaitingPayment)
        #expect(state.money?.missing == 99)
        #expect(state.problems.map(\.description) == ["payment till/t1 is of 1 minor units, 100 were asked for"])
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a price that is changed closes what could still be paid at the old one`() async throws {
        let house = try await TradeHouse()
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        let cheaper = [PricedLine(sku: TradeWorld.sku(1).id, quantity: 1, unit: 80)]
        guard case .refused(.paymentInDoubt, _) = try await house.act(.reprice(cheaper, reason: "a scratch"), "1-a") else {
            Issue.record("repriced while it may be paid"); return
        }
        try await house.cashier.end([attempt], of: try await house.world.order("1-a"), closing: true, by: "seller")
        guard case .told = try await house.act(.reprice(cheaper, reason: "a scratch"), "1-a") else { Issue.record("refused"); return }
        #expect(try await house.payAtTill("1-a", attempt) == false)
        let next = try #require(try await house.goToTill("1-a"))
        #expect(next.amount.amount == 80)
        try await house.payAtTill("1-a", next)
        #expect(try await house.state("1-a").phase == .paid)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a refund the service refused is tried again under the same number until it is through`() async throws {
        let house = try await TradeHouse()
        try await house.bought("1-a", [(1, 1, 100)])
        guard case .told = try await house.cashier.cancel("1-a", as: .operator, reason: "out of stock", by: "seller") else {
            Issue.record("refused"); return
        }
        house.till.turn { $0.refusesRefunds = 1_000 }
        try await house.clerk.work()
        #expect(try await house.state("1-a").refunds.map(\.refusals.count) == [1])
        house.till.turn { $0.refusesRefunds = 0 }
        try await house.wait(.seconds(60))
        #expect(house.till.sentBack == ["1-a-r1": 100])
        #expect(try await house.state("1-a").money?.refunded == 100)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `money back for goods that stay with their buyer puts nothing on sale`() async throws {
        let house = try await TradeHouse([5])
        try await house.bought("1-a", [(1, 2, 100)])
        try await house.world.ship("p1", "1-a", [(1, 2)])
        try await house.act(.ask(.refundOnly, [ClaimedLine(line: 1, pieces: 0, amount: 1)], reason: "scratched", evidence: []), "1-a", as: .buyer)
        try await house.act(.answer(EntityID("c1")!, .agree), "1-a")
        try await house.clerk.work()
        #expect(house.till.sentBack == ["1-a-r1": 1])
        #expect(try await house.world.balance().pool == 3)
        #expect(try await house.world.balance().damaged == 0)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `the planted restock on any refund is seen by the book's own examination`() async throws {
        let house = try await TradeHouse([5], fault: .restocksOnRefund)
        try await house.bought("1-a", [(1, 2, 100)])
        try await house.world.ship("p1", "1-a", [(1, 2)])
        try await house.act(.ask(.refundOnly, [ClaimedLine(line: 1, pieces: 0, amount: 1)], reason: "scratched", evidence: []), "1-a", as: .buyer)
        try await house.act(.answer(EntityID("c1")!, .agree), "1-a")
        try await house.clerk.work()
        // Three in the house were counted in, and no more than three can ever be there.
        #expect(try await house.world.balance().pool > 3)
    }
}
