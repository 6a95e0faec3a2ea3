import Commerce
import Foundation
import Mall
import Simulation
import Store
import TestKit
import Testing

/// Sixty-four buyers at once, who change their minds, pay late, twice or not at all, at a till that forgets to answer.
///
/// Whatever they do, at the end every unit and every minor unit is where the books say, and where the till says.
@Suite struct BuyersTests {
    private static let buyers = 64
    private static let start: [Int64] = [30, 20, 6, 1]

    /// A shop on a real directory, so that buyers share commits.
    private struct Market {
        let seed: UInt64
        let folder: String
        let time = ManualTime()
        let store: Store
        let world: TradeWorld
        let till: Till
        let cashier: Cashier
        let clerk: OrderClerk

        init(seed: UInt64, fault: OrderFault? = nil, inStock: StockFault? = nil) async throws {
            self.seed = seed
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-buyers-\(UUID())").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let surroundings = Surroundings(time: time, random: SeededRandom(seed: seed), ids: CountingIDs(), plantedInStock: inStock,
                plantedInOrders: fault)
            store = try Store(.directory(folder), surroundings: surroundings)
            world = try await TradeWorld(store, time: time, units: BuyersTests.start)
            var dials = Till.Dials()
            (dials.forgetsToAnswer, dials.loses, dials.refusesRefunds) = (150, 350, 200)
            till = Till(TradeWorld.gateway, surroundings: surroundings, dials: dials)
            cashier = Cashier(store: store, gateways: [till])
            clerk = OrderClerk(store: store, cashier: cashier)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func `nothing is sold twice and no money is lost, whatever buyers do`(seed: UInt64) async throws {
        let found = try await Self.play(try await Market(seed: seed))
        #expect(found == [])
    }

    @Test(arguments: OrderFault.allCases) func `a planted mistake of orders shows in some shop`(fault: OrderFault) async throws {
        for seed in UInt64(1)...40 where try await Self.isFound(try await Market(seed: seed, fault: fault)) { return }
        Issue.record("\(fault.rawValue) was found in none of forty shops")
    }

    @Test(arguments: [StockFault.looksThenTakes, .looksLineByLine])
    func `a planted mistake of stock shows in some shop`(fault: StockFault) async throws {
        for seed in UInt64(1)...40 where try await Self.isFound(try await Market(seed: seed, inStock: fault)) { return }
        Issue.record("\(fault.rawValue) was found in none of forty shops")
    }

    private static func isFound(_ market: Market) async throws -> Bool {
        // What the schema itself refuses is found as well.
        do { return try await !play(market).isEmpty } catch is StoreError { return true }
    }

    /// Days of a shop: everybody acts at once, then time passes and what is due is done.
    ///
    /// - Returns: what is amiss in the end.
    private static func play(_ market: Market) async throws -> [String] {
        let numbers = (1...buyers).map { "1-\($0)" }
        for day in 0..<10 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, number) in numbers.enumerated() {
                    group.addTask {
                        var random = SeededRandom(seed: market.seed &* 1_000 &+ UInt64(day * buyers + index))
                        try await act(number, market, &random)
                    }
                }
                try await group.waitForAll()
            }
            market.time.advance(by: .seconds([60, 900, 901, 3_600, 86_400][day % 5]))
            try await market.clerk.work()
        }
        // The till answers again, and everything that was owed is settled.
        market.till.turn { $0 = Till.Dials() }
        for _ in 0..<6 {
            market.time.advance(by: .seconds(40 * 86_400))
            try await market.clerk.work()
        }
        let found = try await amiss(numbers, market)
        await market.store.close()
        try FileManager.default.removeItem(atPath: market.folder)
        return found
    }

    /// One buyer, or the seller for them, does something that may or may not be right now.
    private static func act(_ number: String, _ market: Market, _ random: inout SeededRandom) async throws {
        let world = market.world
        let known = try await market.store.read { reading throws(StoreError) in try reading.order(number) }
        guard let order = known else {
            let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                (sku: Int.random(in: 1...4, using: &random), pieces: Int64.random(in: 1...3, using: &random), unit: Int64.random(in: 1...9, using: &random) * 111)
            }
            try await world.place(world.order(number, lines, minutes: 15))
            return
        }
        switch (order.state.phase, Int.random(in: 0..<10, using: &random)) {
        case (.awaitingPayment, 0), (.paid, 0): _ = try await market.cashier.cancel(number, as: .buyer, reason: "no", by: "buyer")
        case (.awaitingPayment, _): try await payOrThink(number, market, &random)
        case (_, 1):
            let share = LineShare(line: 1, pieces: 0, amount: Int64.random(in: 1...600, using: &random))
            _ = try await seller(.goodwill(share), number, market)
        case (.paid, 2...6), (.partlyShipped, 2...6):
            let lines = order.state.lines.map { LinePieces(line: $0.line.number, pieces: Int64.random(in: 1...2, using: &random)) }
            let parcel = OrderAct.ship(carrier: "SF", tracking: "t\(order.version)", warehouse: nil, lines: lines)
            try await trying { _ = try await seller(parcel, number, market) }
        default: try await claimOrAnswer(order, market, &random)
        }
    }

    private static func payOrThink(_ number: String, _ market: Market, _ random: inout SeededRandom) async throws {
        let opening = try await market.cashier.open(number, at: market.till.id, by: "buyer")
        // Some think about it first, and pay when they come back.
        guard case .open(let attempt, _, _) = opening, Bool.random(using: &random),
            let payment = market.till.pay(attempt.id, of: number)
        else { return }
        // Its word comes never, once or twice; the till itself knows for sure.
        for _ in 0..<Int.random(in: 0...2, using: &random) { try await market.world.tell(.paid(payment), of: number, judged: false) }
    }

    private static func claimOrAnswer(_ order: StoredOrder, _ market: Market, _ random: inout SeededRandom) async throws {
        let number = order.number
        guard let open = order.state.afterSales.first(where: \.isOpen) else {
            let kind = AfterSaleKind.allCases.randomElement(using: &random) ?? .refundOnly
            let claimed = [ClaimedLine(line: 1, pieces: Int64.random(in: 0...2, using: &random), amount: kind.givesMoneyBack ? 100 : 0)]
            _ = try await market.store.write { writing throws(StoreError) in
                try writing.act(.ask(kind, claimed, reason: "hm", evidence: []), on: number, as: .buyer, by: "buyer")
            }
            return
        }
        switch open.phase {
        case .agreed, .returning:
            let goods = open.terms.filter { $0.pieces > 0 }.map {
                ReturnedGoods(line: $0.line, pieces: $0.pieces, disposition: Disposition.allCases.randomElement(using: &random) ?? .lost)
            }
            try await trying { _ = try await seller(.takeBack(open.id, goods, .main), number, market) }
        case .resending: try await trying { _ = try await seller(.sendAgain(open.id, carrier: "SF", tracking: "again"), number, market) }
        default:
            let word: AfterSaleAnswer.Word = Int.random(in: 0..<4, using: &random) > 0 ? .agree : .decline(reason: "no")
            _ = try await seller(.answer(open.id, word), number, market)
        }
    }

    private static func seller(_ act: OrderAct, _ number: String, _ market: Market) async throws -> Telling {
        try await market.store.write { writing throws(StoreError) in try writing.act(act, on: number, as: .seller, by: "seller") }
    }

    /// What cannot be, such as a parcel of goods that are elsewhere, changes nothing.
    private static func trying(_ body: () async throws -> Void) async throws {
        do { try await body() } catch StoreError.contradiction {}
    }

    private static func amiss(_ numbers: [String], _ market: Market) async throws -> [String] {
        var found = try await market.world.amiss()
        var refunded: Int64 = 0
        var left: [EntityRef: Int64] = [:]
        for number in numbers {
            let known = try await market.store.read { reading throws(StoreError) in try reading.order(number) }
            guard let state = known?.state, let money = state.money else { continue }
            refunded += money.refunded
            if money.captured != market.till.takenIn(number) { found.append("order \(number) knows of another sum than the till") }
            if money.owedBack != 0 || money.opened != money.refunded { found.append("order \(number) still owes money") }
            if !state.inDoubt.isEmpty { found.append("order \(number) is still in doubt") }
            if state.phase == .awaitingPayment { found.append("order \(number) waits for ever") }
            // Whoever was sent to the till finds the goods there when he has paid.
            if state.cancellations.contains(where: { $0.cancellation.reason.contains("went to others") }) {
                found.append("the goods of order \(number) were sold while it was being paid")
            }
            for problem in state.problems {
                switch problem {
                case .refundedTooMuch, .refundedTooMuchForLine, .shippedTooMany, .contradiction: found.append("order \(number): \(problem)")
                default: break
                }
            }
            for (sku, pieces) in outside(state) { left[sku, default: 0] += pieces }
        }
        if refunded != market.till.sentBack.values.reduce(0, +) { found.append("the till sent back another sum") }
        for (index, units) in start.enumerated() {
            let (sku, balance) = (TradeWorld.sku(index + 1), try await market.world.balance(index + 1))
            if balance.onHand + balance.damaged + (left[sku] ?? 0) != units { found.append("\(sku): units came from nowhere or went there") }
            if balance.backordered != 0 { found.append("\(sku): oversold") }
        }
        return found
    }

    /// What left the house for an order and did not come back to it.
    private static func outside(_ state: OrderState) -> [EntityRef: Int64] {
        var left: [EntityRef: Int64] = [:]
        for line in state.lines {
            let back = line.returned.filter { $0.disposition == .sellable || $0.disposition == .damaged }.reduce(0) { $0 + $1.pieces }
            left[EntityRef(.sku, line.line.priced.sku), default: 0] += line.shipped - back
        }
        for afterSale in state.afterSales where afterSale.isReshipped && afterSale.claim?.kind != .repair {
            for share in afterSale.terms { left[EntityRef(.sku, state.lines[share.line - 1].line.priced.sku), default: 0] += share.pieces }
        }
        return left
    }
}
