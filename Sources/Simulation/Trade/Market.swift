package import Commerce
package import Mall
package import Store

/// Buyers who change their minds, pay late, twice or not at all, a seller who ships and takes back, and a till that forgets to answer.
///
/// It knows what goods there were in the beginning and what money the till moved, so that it can say in the end
/// whether every unit and every minor unit is where the books say.
package struct Market: Sendable {
    package let till: Till
    /// Where buyers pay instead of at the till.
    let platforms: Platforms?
    package let seed: UInt64
    package static let shop = ChannelID("web")!
    package static let yuan = Currency.yuan
    /// Units of each SKU there are; the last of them is scarce.
    package static let start: [Int64] = [30, 20, 6, 1]

    package init(seed: UInt64, till: Till) { self.init(seed: seed, till: till, platforms: nil) }

    init(seed: UInt64, till: Till, platforms: Platforms?) {
        self.seed = seed
        self.till = till
        self.platforms = platforms
    }

    package static func sku(_ index: Int) -> EntityRef { EntityRef(.sku, EntityID("g\(index)")!) }

    /// Makes the goods; the shop's channel is there already.
    package func open(_ writing: Writing) throws(StoreError) {
        for (index, units) in Market.start.enumerated() {
            try writing.create(Market.sku(index))
            let order: StockOrder
            do throws(ValidationFailure) {
                order = try StockOrder(.receive(units), of: Market.sku(index), cause: StockCause("market/\(index)"), author: "t")
            } catch { throw .invalid(error) }
            try writing.move(order)
        }
    }

    package func clerk(_ store: Store) -> OrderClerk { OrderClerk(store: store, cashier: cashier(store)) }
    func cashier(_ store: Store) -> Cashier {
        guard let platforms else { return Cashier(store: store, gateways: [till]) }
        return Cashier(store: store) { platforms.payments }
    }

    /// Somebody does something to an order that may or may not be right now.
    package func act(_ number: String, turn: UInt64, in store: Store) async throws {
        let random = SeededRandom(seed: seed &* 1_000_003 &+ turn)
        let known = try await store.read { reading throws(StoreError) in try reading.order(number) }
        guard let order = known else { return try await place(number, store, random) }
        let shopping = Shopping(order: order, store: store, market: self, random: random)
        if let platforms, random.below(4) == 0, try await shopping.payLate(platforms) { return }
        switch (order.state.phase, random.below(10)) {
        case (.awaitingPayment, 0), (.paid, 0): try await shopping.cancel()
        case (.awaitingPayment, _): try await shopping.payOrThink()
        case (_, 1): try await shopping.showGoodWill()
        case (.paid, 2...6), (.partlyShipped, 2...6): try await shopping.ship()
        default: try await shopping.claimOrAnswer()
        }
    }

    private func place(_ number: String, _ store: Store, _ random: SeededRandom) async throws {
        let now = store.surroundings.time.now()
        let lines = (1...(1 + random.below(3))).map { index in
            OrderLine(
                number: index, title: "Thing",
                priced: PricedLine(
                    sku: Market.sku(random.below(4)).id, quantity: Int64(1 + random.below(3)), unit: Int64(1 + random.below(9)) * 111))
        }
        let order = PlacedOrder(
            number: number, channel: Market.shop,
            buyer: Buyer(name: "李雷", phone: "13800001234", region: Region(["CN", "31"]), address: "1 Road"), currency: Market.yuan,
            lines: lines, paymentDue: now + .seconds(900))
        _ = try await store.write { writing throws(StoreError) in try writing.place(order, by: "buyer") }
    }
}

extension SeededRandom {
    func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    func coin() -> Bool { next() % 2 == 0 }
}
