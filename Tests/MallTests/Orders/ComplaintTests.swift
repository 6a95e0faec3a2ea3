import Commerce
import Foundation
import Mall
import Simulation
import Store
import TestKit
import Testing

/// What merchants complain about in other systems, each as a story that must end well.
@Suite struct ComplaintTests {
    @Test func `paid and never heard of: the till is asked by itself, and the order is paid`() async throws {
        let house = try await TradeHouse()
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        _ = house.till.pay(attempt.id, of: "1-a")
        #expect(try await house.state("1-a").phase == .awaitingPayment)
        try await house.wait(.seconds(21))
        #expect(try await house.state("1-a").phase == .paid)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a till that answers nobody is asked less and less often, and the goods stay held`() async throws {
        let house = try await TradeHouse([1])
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        let attempt = try #require(try await house.goToTill("1-a"))
        house.till.turn { $0.loses = 1_000 }
        for _ in 0..<50 { try await house.wait(.seconds(300)) }
        let timers = try await house.world.store.read { reading throws(StoreError) in try reading.timers(of: "1-a") }
        let inquiry = try #require(timers.first { $0.timer.kind == .paymentInquiry })
        #expect(inquiry.tries < 15 && inquiry.told != nil)
        #expect(try await house.world.balance().reserved == 1)
        house.till.turn { $0.loses = 0 }
        _ = house.till.pay(attempt.id, of: "1-a")
        try await house.wait(.seconds(21_601))
        #expect(try await house.state("1-a").phase == .paid)
    }

    @Test func `timers survive the process: an order that was to end while nobody ran ends at the next start`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-timers-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") } }
        let time = ManualTime()
        func open(_ ids: String) throws -> Store {
            try Store(.directory(folder), surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: ids)))
        }
        let first = try open("a")
        let world = try await TradeWorld(first, time: time, units: [1])
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        await first.close()
        time.advance(by: .seconds(86_400))
        let second = try open("b")
        try await OrderClerk(store: second, cashier: Cashier(store: second, gateways: [])).work()
        let state = try await second.read { reading throws(StoreError) in try reading.requireOrder("1-a").state }
        #expect(state.phase == .cancelled)
        let pool = try await second.read { reading throws(StoreError) in
            try reading.stockLevels(TradeWorld.sku(1), at: Timestamp(milliseconds: 0)).first?.balance.pool
        }
        #expect(pool == 1)
        await second.close()
    }

    @Test func `one timer that fails is put off and says why, and the others fire`() async throws {
        let house = try await TradeHouse([5])
        for number in ["1-a", "1-b"] { try await house.world.place(house.world.order(number, [(1, 1, 100)])) }
        _ = try #require(try await house.goToTill("1-a"))
        house.till.turn { $0.loses = 1_000 }
        try await house.wait(.seconds(1_801))
        #expect(try await house.state("1-a").phase == .awaitingPayment)
        #expect(try await house.state("1-b").phase == .cancelled)
        let told = try await house.world.store.read { reading throws(StoreError) in
            try reading.timers(of: "1-a").first { $0.timer.kind == .paymentDue }?.told
        }
        #expect(told?.contains("goods stay held") == true)
    }

    @Test(arguments: [Int64(1), 2, 3, 7]) func `what is given back piece by piece comes to exactly what was paid`(pieces: Int64) async throws {
        let house = try await TradeHouse([10])
        // A reduction that no number of pieces divides.
        let line = PricedLine(sku: TradeWorld.sku(1).id, quantity: pieces, unit: 333, reduction: pieces * 333 / 3 + 1, freight: 7)
        let plain = house.world.order("1-a", [(1, pieces, 333)])
        let order = PlacedOrder(
            number: "1-a", channel: TradeWorld.web, buyer: plain.buyer, currency: TradeWorld.yuan,
            lines: [OrderLine(number: 1, title: "Thing", priced: line)], paymentDue: plain.paymentDue)
        try await house.world.place(order)
        try await house.world.pay("1-a", line.payable)
        try await house.world.ship("p1", "1-a", [(1, pieces)])
        for number in 1...pieces {
            try await house.act(.ask(.returnAndRefund, [ClaimedLine(line: 1, pieces: 1)], reason: "no", evidence: []), "1-a", as: .buyer)
            let id = EntityID("c\(number)")!
            try await house.act(.answer(id, .agree), "1-a")
            try await house.act(.takeBack(id, [ReturnedGoods(line: 1, pieces: 1, disposition: .sellable)], .main), "1-a")
            try await house.clerk.work()
        }
        let money = try #require(try await house.state("1-a").money)
        // Sending was not given back: it happened.
        #expect(money.refunded == line.goods)
        #expect(try await house.world.balance().pool == 10)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `stock after a cancellation is what left the ledger for it, once`() async throws {
        let house = try await TradeHouse([5])
        try await house.bought("1-a", [(1, 3, 100)])
        for _ in 0..<3 { _ = try await house.cashier.cancel("1-a", as: .operator, reason: "out", by: "seller") }
        #expect(try await house.world.balance().pool == 5)
        try await house.clerk.work()
        #expect(house.till.sentBack.values.reduce(0, +) == 300)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `more than was ordered cannot leave, in one parcel or in several`() async throws {
        let house = try await TradeHouse([5])
        try await house.bought("1-a", [(1, 2, 100)])
        func ship(_ tracking: String, _ pieces: Int64) async throws -> Telling {
            try await house.act(.ship(carrier: "SF", tracking: tracking, warehouse: nil, lines: [LinePieces(line: 1, pieces: pieces)]), "1-a")
        }
        guard case .refused(.pieces(1, 3, 2), _) = try await ship("a", 3) else { Issue.record("three left"); return }
        guard case .told = try await ship("b", 1) else { Issue.record("one did not leave"); return }
        guard case .known = try await ship("b", 1) else { Issue.record("the same label left twice"); return }
        guard case .refused(.pieces(1, 2, 1), _) = try await ship("c", 2) else { Issue.record("two more left"); return }
        #expect(try await house.world.balance().sold == 1)
    }

    @Test func `a refund above what was captured is refused, and nothing changes`() async throws {
        let house = try await TradeHouse()
        try await house.bought("1-a", [(1, 1, 100)])
        for amount in [Int64(101), 1_000_000, .max] {
            let telling = try await house.act(.goodwill(LineShare(line: 1, pieces: 0, amount: amount)), "1-a")
            guard case .refused = telling else { Issue.record("\(amount) of 100 went back"); continue }
        }
        #expect(try await house.state("1-a").money?.opened == 0)
    }

    @Test func `a wrong code opens nothing, and the right one hands the goods over once`() async throws {
        let house = try await TradeHouse([2])
        let pickUp = PickUp(place: .main, code: "49302718")
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)], pickUp: pickUp))
        try await house.world.pay("1-a", 100)
        for code in ["", "4930271", "49302719", "493027189"] {
            guard case .refused(.wrongCode, _) = try await house.act(.handOver(code: code), "1-a") else { Issue.record("\"\(code)\" opens"); return }
        }
        guard case .told(let order) = try await house.act(.handOver(code: "49302718"), "1-a") else { Issue.record("refused"); return }
        #expect(order.state.phase == .received)
        #expect(try await house.world.balance().onHand == 1)
        #expect(try await house.world.amiss() == [])
    }

    @Test func `an exchange sends other goods only when those that came back were looked at`() async throws {
        let house = try await TradeHouse([3])
        try await house.bought("1-a", [(1, 1, 100)])
        try await house.world.ship("p1", "1-a", [(1, 1)])
        try await house.act(.ask(.exchange, [ClaimedLine(line: 1, pieces: 1)], reason: "too small", evidence: []), "1-a", as: .buyer)
        let id = EntityID("c1")!
        try await house.act(.answer(id, .agree), "1-a")
        guard case .refused = try await house.act(.sendAgain(id, carrier: "SF", tracking: "x"), "1-a") else { Issue.record("sent blindly"); return }
        try await house.act(.takeBack(id, [ReturnedGoods(line: 1, pieces: 1, disposition: .sellable)], .main), "1-a")
        guard case .told = try await house.act(.sendAgain(id, carrier: "SF", tracking: "x"), "1-a") else { Issue.record("refused"); return }
        #expect(try await house.world.balance().pool == 2)
        #expect(try await house.state("1-a").afterSales.map(\.phase) == [.settled])
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a buyer who never stops talking leaves room for his money`() async throws {
        let house = try await TradeHouse()
        try await house.world.place(house.world.order("1-a", [(1, 1, 100)]))
        for number in 0..<Int(StoredOrder.buyersFactsMax) + 5 { try await house.act(.remark("again \(number)"), "1-a", as: .buyer) }
        #expect(try await house.world.order("1-a").version == StoredOrder.buyersFactsMax)
        guard case .refused(.tooMuch, _) = try await house.act(.remark("once more"), "1-a", as: .buyer) else { Issue.record("taken"); return }
        try await house.world.pay("1-a", 100)
        try await house.world.ship("p1", "1-a", [(1, 1)])
        #expect(try await house.state("1-a").phase == .shipped)
    }

    @Test func `what is the seller's to do no buyer does, and the other way round`() async throws {
        let house = try await TradeHouse()
        try await house.bought("1-a", [(1, 1, 100)])
        let sellers: [OrderAct] = [
            .ship(carrier: "SF", tracking: "x", warehouse: nil, lines: []), .goodwill(LineShare(line: 1, pieces: 0, amount: 1)),
            .takeMoney(Payment(ref: PaymentRef(gateway: "hand", transaction: "x"), amount: TradeWorld.money(1))), .complete,
        ]
        for act in sellers {
            guard case .refused = try await house.act(act, "1-a", as: .buyer) else { Issue.record("a buyer did \(act)"); continue }
        }
        guard case .refused = try await house.act(.complain(EntityID("c1")!, reason: "x"), "1-a") else { Issue.record("a seller complained"); return }
    }
}
