import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store
import TestKit
import Testing

/// What becomes of a page a buyer was sent to, once nobody needs it any more.
@Suite struct OpenPageTests {
    @Test func `an order that was paid by hand has its open payment closed at the gateway, and is in doubt no more`() async throws {
        let house = try await TradeHouse()
        let number = "20270115-a"
        try await house.world.place(house.world.order(number, [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill(number))
        let cash = Payment(ref: PaymentRef(gateway: "hand", transaction: "c1"), amount: attempt.amount)
        try await house.hear(cash, number)
        #expect(try await house.state(number).inDoubt.map(\.id) == [attempt.id])
        try await house.wait(.seconds(7_200))
        #expect(try await house.state(number).inDoubt.isEmpty)
        #expect(house.till.pay(attempt.id, of: number) == nil, "nobody can pay it a second time")
    }

    @Test func `a payment that is still needed is asked after and stays open`() async throws {
        let house = try await TradeHouse()
        let number = "20270115-a"
        try await house.world.place(house.world.order(number, [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill(number))
        house.world.advance(.seconds(400))
        try await house.clerk.work()
        #expect(house.till.pay(attempt.id, of: number) != nil)
    }

    @Test func `a page that a gateway will not open again is closed there before it counts as closed`() async throws {
        let house = try await TradeHouse()
        let number = "20270115-a"
        try await house.world.place(house.world.order(number, [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill(number))
        let cashier = Cashier(store: house.world.store, gateways: [LateGateway(till: house.till)])
        _ = try await cashier.open(number, at: house.till.id, by: "buyer")
        let isClosed = try await house.state(number).inDoubt.isEmpty
        let isPaid = house.till.pay(attempt.id, of: number) != nil
        #expect(isClosed != isPaid, "the page was open, and the order took it for closed")
    }
}

/// Refuses to open anything, as when the time to pay is over.
private struct LateGateway: PaymentGateway {
    let till: Till
    var id: String { till.id }

    func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening { .refused("the time to pay is over") }
    func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { await till.ask(attempt, of: order) }
    func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { await till.close(attempt, of: order) }
    func refund(_ refund: Refund, of order: String) async -> RefundNews { await till.refund(refund, of: order) }
}
