import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store
import TestKit
import Testing

/// What gateways' callbacks do to orders, once they are kept.
@Suite struct GatewayClerkTests {
    private func placed(_ number: String = "20270115-a", price: Int64 = 100) async throws -> (CallbackHouse, PaymentAttempt) {
        let world = try await CallbackHouse()
        try await world.house.world.place(world.house.world.order(number, [(1, 1, price)]))
        return (world, try #require(try await world.house.goToTill(number)))
    }

    @Test func `a payment that is told pays its order`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 100))
        let state = try await world.house.state("20270115-a")
        #expect(state.phase == .paid && state.inDoubt.isEmpty)
        #expect(try await world.items(.applied).count == 1)
    }

    @Test func `two hundred that tell the same at once have one effect`() async throws {
        let (world, _) = try await placed()
        let body = world.paid("20270115-a-a1", 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                // Half of them are repetitions of one event, half are events of their own about the same payment.
                group.addTask { try await world.receive(index % 2 == 0 ? "e" : "e\(index)", body) }
            }
            try await group.waitForAll()
        }
        try await world.clerk.work()
        #expect(try await world.house.state("20270115-a").payments.count == 1)
        #expect(try await world.items(.applied).count == 101)
        #expect(try await world.house.world.amiss() == [])
    }

    @Test func `an event that comes again with another body is set aside and does nothing`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 100))
        guard case .quarantined = try await world.receive("e1", world.paid("20270115-a-a1", 100, "t2")) else {
            Issue.record("it was taken"); return
        }
        try await world.clerk.work()
        #expect(try await world.house.state("20270115-a").payments.count == 1)
    }

    @Test(arguments: ["20270115-a-a9", "20270115-b-a1", "nonsense", "单号", ""])
    func `a number nobody was given waits for a person and is not lost`(number: String) async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid(number, 100))
        let dead = try await world.items(.dead)
        #expect(dead.count == 1 && dead[0].error?.isEmpty == false)
        #expect(try await world.house.state("20270115-a").phase == .awaitingPayment)
    }

    @Test func `an amount that is not the one asked for is asked after at the gateway, and what it says counts`() async throws {
        let (world, attempt) = try await placed()
        let payment = try #require(world.house.till.pay(attempt.id, of: "20270115-a"))
        // What was told is off by one; the till knows of the whole.
        try await world.hear("e1", world.paid("20270115-a-a1", 99, payment.ref.transaction))
        let state = try await world.house.state("20270115-a")
        #expect(state.phase == .paid && state.payments.map(\.payment.amount.amount) == [100])
    }

    @Test func `an amount no gateway confirms pays nothing`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 1))
        #expect(try await world.house.state("20270115-a").phase == .awaitingPayment)
    }

    @Test func `an amount whose gateway does not answer is believed by nobody until it does`() async throws {
        let (world, attempt) = try await placed()
        let payment = try #require(world.house.till.pay(attempt.id, of: "20270115-a"))
        world.house.till.turn { $0.loses = 1_000 }
        try await world.hear("e1", world.paid("20270115-a-a1", 199, payment.ref.transaction))
        #expect(try await world.house.state("20270115-a").payments.isEmpty)
        #expect(try await world.items(.waiting).count == 1)
        world.house.till.turn { $0.loses = 0 }
        world.house.world.advance(.seconds(60))
        try await world.clerk.work()
        #expect(try await world.house.state("20270115-a").payments.map(\.payment.amount.amount) == [100])
    }

    @Test func `what cannot be read is dead at once, and the next is applied`() async throws {
        let (world, _) = try await placed()
        try await world.receive("e1", ["kind": "riddle"])
        try await world.hear("e2", world.paid("20270115-a-a1", 100))
        #expect(try await world.items(.dead).map(\.event) == ["e1"])
        #expect(try await world.house.state("20270115-a").phase == .paid)
    }

    @Test func `a gateway that was taken out of the configuration keeps its callbacks waiting`() async throws {
        let (world, _) = try await placed()
        let nobody = GatewayClerk(store: world.house.world.store, gateways: { [:] })
        try await world.receive("e1", world.paid("20270115-a-a1", 100))
        try await nobody.work()
        #expect(try await world.items(.waiting).count == 1)
        world.house.world.advance(.seconds(60))
        try await world.clerk.work()
        #expect(try await world.house.state("20270115-a").phase == .paid)
    }

    @Test func `a refund that is heard of before its payment is tried again until both are known`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 100))
        try await world.house.world.cancel("20270115-a", by: .operator)
        // The order owes it back; the till has not been asked yet, and its console was quicker.
        try await world.hear("e2", ["kind": "refund", "number": "20270115-a-r1"])
        let state = try await world.house.state("20270115-a")
        #expect(state.money?.refunded == 100)
        try await world.house.clerk.work()
        #expect(world.house.till.sentBack.isEmpty, "what is through is not sent again")
    }

    @Test func `a refund that its gateway refuses stays owed under its number`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 100))
        try await world.house.world.cancel("20270115-a", by: .operator)
        try await world.hear("e2", ["kind": "refused", "number": "20270115-a-r1"])
        #expect(try await world.house.state("20270115-a").refunds.first?.refusals == ["no balance"])
        try await world.house.wait(.seconds(7_200))
        #expect(world.house.till.sentBack == ["20270115-a-r1": 100])
    }

    @Test func `money given back by hand at the gateway is in the books, raised, and not given twice`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 100))
        for event in ["e2", "e3"] {
            try await world.hear(event, ["kind": "elsewhere", "transaction": "t1", "reference": "re_1", "amount": 30])
        }
        let state = try await world.house.state("20270115-a")
        #expect(state.phase == .paid, "what somebody gave back does not make it unpaid")
        #expect(state.money?.refunded == 30 && state.money?.missing == 0)
        #expect(state.problems.count == 1)
        try await world.house.world.cancel("20270115-a", by: .operator)
        #expect(try await world.house.state("20270115-a").refunds.map(\.refund.amount.amount) == [70])
        #expect(try await world.house.world.amiss() == [])
    }

    @Test(arguments: [("won", 0), ("lost", 100), ("closed", 0)])
    func `a dispute is shown while it is open, and its end counts whatever comes first`(verdict: String, gone: Int64) async throws {
        for order in [["opened", verdict], [verdict, "opened"]] {
            let (world, _) = try await placed()
            try await world.hear("e0", world.paid("20270115-a-a1", 100))
            for stage in order {
                try await world.hear(
                    stage, ["kind": "dispute", "transaction": "t1", "reference": "dp_1", "amount": 100, "stage": .string(stage)])
            }
            let state = try await world.house.state("20270115-a")
            #expect(state.disputes.map(\.stage.rawValue) == [verdict])
            #expect(state.money?.refunded == gone)
            #expect(state.problems.isEmpty == (verdict != "lost"))
            #expect(try await world.house.world.amiss() == [])
        }
    }

    @Test func `a second payment over another transaction goes back`() async throws {
        let (world, _) = try await placed()
        try await world.hear("e1", world.paid("20270115-a-a1", 100, "t1"))
        try await world.hear("e2", world.paid("20270115-a-a1", 100, "t2"))
        try await world.house.clerk.work()
        #expect(try await world.house.state("20270115-a").phase == .paid)
        #expect(world.house.till.sentBack.values.reduce(0, +) == 100)
    }

    @Test func `a gateway may not have the name of a channel, nor change its kind`() async throws {
        let world = try await CallbackHouse()
        for (id, kind) in [("web", "alipay"), (TradeWorld.gateway, "alipay")] {
            await #expect(throws: StoreError.self) {
                try await world.house.world.store.write { writing throws(StoreError) in
                    try writing.putGateway(ChannelID(id)!, kind: kind)
                }
            }
        }
        let channels = try await world.house.world.store.read { reading throws(StoreError) in try reading.channels().map(\.id.text) }
        #expect(channels == ["web"], "goods are not synchronised with a gateway")
    }
}
