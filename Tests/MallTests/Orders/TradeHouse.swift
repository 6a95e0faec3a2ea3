import Commerce
import Mall
import Simulation
import Store
import TestKit

/// A shop with goods, a till and a clerk, on a clock that stands still.
struct TradeHouse: Sendable {
    let world: TradeWorld
    let till: Till
    let cashier: Cashier
    let clerk: OrderClerk

    init(_ units: [Int64] = [10, 10, 10], fault: OrderFault? = nil) async throws {
        let time = ManualTime()
        let still = Surroundings.still(time: time)
        let surroundings = Surroundings(time: time, random: still.random, ids: still.ids, plantedInOrders: fault)
        let store = try Store(.memory, surroundings: surroundings)
        world = try await TradeWorld(store, time: time, units: units)
        till = Till(TradeWorld.gateway, surroundings: surroundings)
        cashier = Cashier(store: store, gateways: [till])
        clerk = OrderClerk(store: store, cashier: cashier)
    }

    /// Sends the buyer to the till; nil when he need not, or cannot, pay.
    func goToTill(_ number: String) async throws -> PaymentAttempt? {
        if case .open(let attempt, _, _) = try await cashier.open(number, at: till.id, by: "buyer") { attempt } else { nil }
    }

    /// The buyer pays, and the till's word of it arrives, so many times.
    @discardableResult
    func payAtTill(_ number: String, _ attempt: PaymentAttempt, heard times: Int = 1) async throws -> Bool {
        guard let payment = till.pay(attempt.id, of: number) else { return false }
        for _ in 0..<times { _ = try await hear(payment, number) }
        return true
    }

    @discardableResult
    func hear(_ payment: Payment, _ number: String) async throws -> Telling {
        try await world.tell(.paid(payment), of: number, judged: false)
    }

    @discardableResult
    func act(_ act: OrderAct, _ number: String, as side: OrderSide = .seller) async throws -> Telling {
        try await world.store.write { writing throws(StoreError) in try writing.act(act, on: number, as: side, by: "test") }
    }

    /// An order that is placed and paid.
    func bought(_ number: String, _ lines: [(sku: Int, pieces: Int64, unit: Int64)]) async throws {
        try await world.place(world.order(number, lines))
        guard let attempt = try await goToTill(number) else { preconditionFailure("it cannot be paid") }
        try await payAtTill(number, attempt)
    }

    /// What comes of waiting so long and doing what is due.
    func wait(_ duration: Duration) async throws {
        world.advance(duration)
        try await clerk.work()
    }

    func state(_ number: String) async throws -> OrderState { try await world.order(number).state }
}
