package import Commerce
package import Store

/// A store with goods and a shop, and orders told step by step; its clock stands still until a test moves it.
package struct TradeWorld: Sendable {
    package let store: Store
    package let time: ManualTime
    package static let web = ChannelID("web")!
    package static let yuan = Currency("CNY")!
    package static let gateway = "till"

    package init(_ store: Store, time: ManualTime = ManualTime(), units: [Int64] = [10, 10, 10]) async throws {
        self.store = store
        self.time = time
        try await store.write { writing throws(StoreError) in
            try writing.putChannel(TradeWorld.web, settings: [:])
            for (index, quantity) in units.enumerated() {
                let sku = TradeWorld.sku(index + 1)
                try writing.create(sku)
                do throws(ValidationFailure) {
                    if quantity > 0 {
                        let order = try StockOrder(.receive(quantity), of: sku, cause: StockCause("start/\(sku.id)"), author: "t")
                        do throws(StoreError) { try writing.move(order) } catch { preconditionFailure("\(error)") }
                    }
                } catch { preconditionFailure("\(error)") }
            }
        }
    }

    package static func sku(_ number: Int) -> EntityRef { EntityRef(.sku, EntityID("s\(number)")!) }
    package static func money(_ amount: Int64) -> Money { Money(amount: amount, currency: yuan) }

    package func advance(_ duration: Duration) { time.advance(by: duration) }

    /// An order of lines by their SKU, pieces and the price of one.
    package func order(
        _ number: String, _ lines: [(sku: Int, pieces: Int64, unit: Int64)], member: String? = nil, external: String? = nil,
        coupons: [String] = [], points: Int64 = 0, pickUp: PickUp? = nil, minutes: Int = 30
    ) -> PlacedOrder {
        PlacedOrder(
            number: number, channel: TradeWorld.web, externalNumber: external, member: member.flatMap { EntityID($0) },
            buyer: Buyer(name: "李雷", phone: "13800001234", region: Region(["CN", "31"]), address: "1 Road"),
            currency: TradeWorld.yuan,
            lines: lines.enumerated().map { index, line in
                OrderLine(
                    number: index + 1, title: "Thing \(line.sku)",
                    priced: PricedLine(
                        sku: TradeWorld.sku(line.sku).id, quantity: line.pieces, unit: line.unit, points: index == 0 ? points : 0))
            }, coupons: coupons, pickUp: pickUp, paymentDue: time.now() + .seconds(minutes * 60))
    }

    @discardableResult
    package func place(_ order: PlacedOrder, entitlements: EntitlementDemand? = nil) async throws -> Placing {
        try await store.write { writing throws(StoreError) in try writing.place(order, entitlements: entitlements, by: "buyer") }
    }

    @discardableResult
    package func tell(_ fact: OrderFact, of number: String, judged: Bool = true, at: Timestamp? = nil) async throws -> Telling {
        try await store.write { writing throws(StoreError) in
            try writing.tell(fact, of: number, at: at, by: "test", judged: judged)
        }
    }

    /// Money from the gateway, as it is heard: nobody asks the order first.
    @discardableResult
    package func pay(_ number: String, _ amount: Int64, _ transaction: String? = nil, attempt: String? = nil) async throws -> Telling {
        try await tell(
            .paid(
                Payment(
                    ref: PaymentRef(gateway: TradeWorld.gateway, transaction: transaction ?? "t-\(number)"),
                    attempt: attempt.flatMap { EntityID($0) }, amount: TradeWorld.money(amount))), of: number, judged: false)
    }

    package func open(_ attempt: String, _ number: String, _ amount: Int64) async throws -> Telling {
        try await tell(
            .paymentOpened(PaymentAttempt(id: EntityID(attempt)!, gateway: TradeWorld.gateway, amount: TradeWorld.money(amount))),
            of: number)
    }

    @discardableResult
    package func cancel(_ number: String, by author: Cancellation.Author, _ count: Int = 1, judged: Bool = true) async throws -> Telling {
        try await tell(.cancelled(Cancellation(number: count, by: author, reason: "not wanted")), of: number, judged: judged)
    }

    @discardableResult
    package func ship(_ parcel: String, _ number: String, _ lines: [(line: Int, pieces: Int64)]) async throws -> Telling {
        try await tell(
            .shipped(
                Parcel(
                    id: EntityID(parcel)!, carrier: "SF", tracking: "SF\(parcel)", warehouse: .main,
                    lines: lines.map { LinePieces(line: $0.line, pieces: $0.pieces) })), of: number)
    }

    package func order(_ number: String) async throws -> StoredOrder {
        try await store.read { reading throws(StoreError) in try reading.requireOrder(number) }
    }

    package func balance(_ number: Int = 1) async throws -> StockBalance {
        let now = time.now()
        return try await store.read { reading throws(StoreError) in
            try reading.stockLevels(TradeWorld.sku(number), at: now).first?.balance
        } ?? StockBalance()
    }

    /// What does not fit together; empty for a sound store.
    package func amiss() async throws -> [String] {
        try await store.read { reading throws(StoreError) in try reading.examine().map { "\($0.subject): \($0.problem)" } }
    }
}
