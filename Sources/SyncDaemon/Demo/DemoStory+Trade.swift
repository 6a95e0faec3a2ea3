import Commerce
import Mall
import Store

extension DemoStory {
    private static let buyer = Result { () throws(ValidationFailure) in
        try Delivery(name: "李雷", phone: "13800001234", address: "人民路 1 号")
    }
    private var store: Store { plant.store }
    private var till: Cashier { Cashier(store: store, gateways: [TrialGateway()]) }

    /// The first two SKUs of the demo goods.
    private func goods() async throws -> [EntityID] {
        try await store.read { reading throws(StoreError) in try reading.entities(after: 0, kind: .sku, limit: 2).map(\.entity.id) }
    }

    /// Quotes and places an order at a shop; nil where the goods are gone.
    private func buy(_ lines: [(EntityID, Int64)], at channel: String, _ checkout: Checkout) async throws -> StoredOrder? {
        let delivery = try DemoStory.buyer.get()
        let basket = Basket(
            channel: ChannelID(channel)!, lines: lines.map { .init(sku: $0.0, quantity: $0.1) }, currency: .yuan, locale: "zh-CN")
        let checking = try await store.write { writing throws(StoreError) -> Checking in
            let quote = try checkout.quote(basket, writing).quote
            return try checkout.place(quote.id, delivery, channel: basket.channel, member: nil, by: channel, writing)
        }
        if case .placed(let order) = checking { return order }
        return nil
    }

    func order(_ number: String) async throws -> StoredOrder {
        try await store.read { reading throws(StoreError) in try reading.requireOrder(number) }
    }

    private func pay(_ order: StoredOrder) async throws {
        let number = order.number
        guard let money = order.state.money else { return }
        let payment = Payment(
            ref: PaymentRef(gateway: TrialGateway.name, transaction: "demo-\(number)"), amount: Money(amount: money.total, currency: money.currency))
        _ = try await store.write { writing throws(StoreError) in
            try writing.tell(.paid(payment), of: number, by: TrialGateway.name, judged: false)
        }
    }

    func act(_ act: OrderAct, _ number: String, as side: OrderSide = .seller) async throws {
        let telling = try await store.write { writing throws(StoreError) in try writing.act(act, on: number, as: side, by: "demo") }
        if case .refused(let refusal, _) = telling { throw PlantError(description: "order \(number): \(refusal)") }
    }

    /// One of the second SKU, of which there are still some.
    func buyOne() async throws -> StoredOrder? { try await buy([(try await goods()[1], 1)], at: "web", Checkout()) }

    func lastUnit() async throws {
        let goods = try await goods()
        let delivery = [(goods[0], Int64(1)), (goods[1], 5)]
        try await store.write { writing throws(StoreError) in
            for (sku, units) in delivery {
                let order: StockOrder
                do throws(ValidationFailure) {
                    order = try StockOrder(
                        .receive(units), of: EntityRef(.sku, sku), cause: StockCause("demo/delivery/\(sku)"), author: "demo")
                } catch { throw .invalid(error) }
                try writing.move(order)
            }
        }
        let checkout = Checkout()
        async let one = buy([(goods[0], 1)], at: "web", checkout)
        async let other = buy([(goods[0], 1)], at: "app", checkout)
        let both = try await [one, other].compactMap(\.self)
        guard both.count == 1, let won = both.first else { throw PlantError(description: "\(both.count) orders for one unit") }
        detail("one unit, two ends, one order: \(won.number) at \(won.state.placed?.channel.text ?? "-"); the other end was told that it is gone")
        _ = try await till.cancel(won.number, as: .buyer, reason: "changed my mind", by: "demo")
        try await pay(won)
        try await OrderClerk(store: store, cashier: till).work()
        let state = try await order(won.number).state
        guard state.phase == .cancelled, state.money?.refunded == state.money?.captured else {
            throw PlantError(description: "money for a cancelled order stayed here")
        }
        detail("its buyer called it off and paid all the same: the money went back by itself, and the unit is on sale again")
    }

    func twoParcels() async throws {
        let goods = try await goods()
        guard let bought = try await buy([(goods[0], 1), (goods[1], 2)], at: "web", Checkout()) else {
            throw PlantError(description: "the unit that came back cannot be bought")
        }
        try await pay(bought)
        let number = bought.number
        try await act(.ship(carrier: "SF", tracking: "SF1001", warehouse: nil, lines: [LinePieces(line: 1, pieces: 1)]), number)
        try await act(.ship(carrier: "SF", tracking: "SF1002", warehouse: nil, lines: []), number)
        try await act(.ask(.returnAndRefund, [ClaimedLine(line: 2, pieces: 1)], reason: "cracked", evidence: []), number, as: .buyer)
        guard let id = try await order(number).state.afterSales.first?.id else { return }
        try await act(.answer(id, .agree), number)
        try await act(.takeBack(id, [ReturnedGoods(line: 2, pieces: 1, disposition: .damaged)], .main), number)
        try await OrderClerk(store: store, cashier: till).work()
        let state = try await order(number).state
        guard let money = state.money, money.refunded > 0, state.parcels.count == 2 else {
            throw PlantError(description: "the order did not go as it must")
        }
        detail("order \(number) left in two parcels; one piece came back damaged, \(Money(amount: money.refunded, currency: money.currency)) with it")
        detail("heyi why order/\(number) explains each number")
    }
}
