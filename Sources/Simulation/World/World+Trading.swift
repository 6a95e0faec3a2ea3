import Commerce
import Mall
import Store
import SyncEngine

extension Plan {
    /// Whether anybody buys or sells in it.
    var trades: Bool { (steps + later).contains { $0.kind == .trade || $0.kind == .oversell } }
    private var forgets: Bool { (steps + later).contains { $0.kind == .restore } }

    /// Whether the hub still knows in the end all it was ever told.
    fileprivate var remembers: Bool { !forgets }
}

extension World {
    /// Orders that are acted on at once, and how many there are.
    private static let crowd = 4
    private static let orders = 12

    static func till(_ plan: Plan, _ surroundings: Surroundings) -> Till {
        let dice = SeededRandom(seed: plan.seed &+ 77)
        var dials = Till.Dials()
        (dials.forgetsToAnswer, dials.loses, dials.refusesRefunds) = (dice.below(300), dice.below(300), dice.below(300))
        let own = Surroundings(time: surroundings.time, random: dice, ids: surroundings.ids)
        return Till(surroundings: own, dials: dials)
    }

    /// Goods of the market, and the right of two channels to sell of the second kind.
    func openMarket() throws {
        guard let market else { return }
        let ids = channels.prefix(2).map(\.id)
        try write { writing throws(StoreError) in
            try market.open(writing)
            for id in ids {
                _ = try writing.grant(4, of: Market.sku(1), to: id, cause: .own("market/right/\(id)"), author: "t")
            }
        }
    }

    func trade(_ number: Int) throws {
        guard let market else { return }
        let store = self.store
        // Numbered as our own orders are where platforms read the day out of a number.
        let series = platforms == nil ? "1" : "20251009"
        try executor.perform {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for buyer in 0..<World.crowd {
                    let order = "\(series)-\((number * 5 + buyer * 7) % World.orders)"
                    group.addTask { try await market.act(order, turn: UInt64(number * World.crowd + buyer), in: store) }
                }
                try await group.waitForAll()
            }
        }
        try workOff()
    }

    /// What is due of orders is done.
    func workOff() throws {
        guard let market else { return }
        let store = self.store
        _ = try executor.perform { try await market.clerk(store).work() }
    }

    /// An order that a channel took comes as the callback it is, once or twice.
    func oversell(_ channel: SimulatedChannel, _ number: Int) throws {
        guard market != nil else { return }
        let id = channel.id
        let fact: JSON = [
            "kind": "placed", "at": .integer(executor.now().milliseconds),
            "body": [
                "buyer": ["name": "韩梅梅", "phone": "13900005678", "region": ["CN"], "address": "2 Road"], "currency": "CNY",
                "lines": [["title": "Thing", "sku": "g1", "quantity": .integer(Int64(1 + number % 4)), "unit": 100]],
            ],
        ]
        let body: JSON = ["type": "orders", "data": ["orders": [["order": .string("o\(number)"), "facts": [fact]]]]]
        for _ in 0...(number % 2) {
            try write { writing throws(StoreError) in
                _ = try writing.receive(try writing.reading.requireChannel(id), event: "sale_\(number)", body: body.bytes)
            }
        }
        callbacks += 1
        engine.inbox.signal.bump()
    }

    /// The till answers again, all that was owed is settled, and then everything must be where the books say.
    func closeMarket() throws -> [Violation] {
        guard let market else { return [] }
        market.till.turn { $0 = Till.Dials() }
        try setClock()
        for _ in 0..<6 {
            clock.jump(by: .seconds(40 * 86_400))
            platforms?.clock.jump(by: .seconds(40 * 86_400))
            try workOff()
            try drainPlatforms()
        }
        let (now, remembers) = (clock.now(), plan.remembers)
        let books = try platforms.map { try MarketBooks($0) } ?? MarketBooks(market.till)
        let found = try read { reading throws(StoreError) in try market.amiss(reading, books, remembers: remembers, now: now) }
        return found.map(Violation.trade) + (try judgeDoor())
    }
}
