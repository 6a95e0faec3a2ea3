import Commerce
import Mall
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
}
