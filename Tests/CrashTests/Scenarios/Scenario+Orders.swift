import Commerce
import Mall
import Simulation
import Store

extension Life {
    /// Places an order, and promises that it is there with its goods from then on.
    func place(_ number: String, _ lines: [(sku: Int, pieces: Int64)], coupon: String? = nil, minutes: Int = 30) throws {
        let order = Life.order(number, lines, coupon: coupon, due: outside.executor.now() + .seconds(minutes * 60))
        let demand = try EntitlementDemand(coupons: coupon.map { [$0] } ?? [])
        let placing = try write { writing throws(StoreError) in try writing.place(order, entitlements: demand, by: "buyer") }
        if case .short = placing { return }
        promise("order \(number) was placed", stored: { reading throws(StoreError) in
            let (order, holds) = (try reading.order(number), try reading.holds(owner: "order/\(number)"))
            return order?.state.placed != nil && !holds.isEmpty
        })
    }

    /// Tells an order something, and promises that it is known from then on.
    func tell(_ fact: OrderFact, _ number: String, judged: Bool = true) throws {
        let telling = try write { writing throws(StoreError) in try writing.tell(fact, of: number, by: "t", judged: judged) }
        if case .refused = telling { return }
        let key = fact.key
        promise("\(key) of \(number) was told", stored: { reading throws(StoreError) in
            try reading.order(number)?.state.timeline.contains { $0.fact.key == key } == true
        })
    }

    func pay(_ number: String, _ amount: Int64, _ transaction: String = "t1") throws {
        try tell(
            .paid(
                Payment(ref: PaymentRef(gateway: TrialGateway.name, transaction: transaction), amount: Money(amount: amount, currency: Life.yuan))),
            number, judged: false)
    }

    func cancel(_ number: String, by author: Cancellation.Author) throws {
        try tell(.cancelled(Cancellation(number: 1, by: author, reason: "not wanted")), number)
    }

    func ship(_ parcel: String, _ number: String, _ lines: [(line: Int, pieces: Int64)]) throws {
        try tell(
            .shipped(
                Parcel(
                    id: EntityID(parcel)!, carrier: "SF", tracking: parcel, warehouse: .main,
                    lines: lines.map { LinePieces(line: $0.line, pieces: $0.pieces) })), number)
    }

    func afterSale(_ fact: AfterSaleFact, _ number: String) throws { try tell(.afterSale(EntityID("c1")!, fact), number) }

    /// Does what is due: timers, and refunds that are to be sent.
    func workOff() throws {
        _ = try perform { store in
            try await OrderClerk(store: store, cashier: Cashier(store: store, gateways: [TrialGateway()])).work()
        }
        if disk.isCut { throw PowerCut() }
    }

    static let yuan = Currency("CNY")!

    private static func order(_ number: String, _ lines: [(sku: Int, pieces: Int64)], coupon: String?, due: Timestamp) -> PlacedOrder {
        PlacedOrder(
            number: number, channel: ChannelID("web")!,
            buyer: Buyer(name: "李雷", phone: "13800001234", region: Region(["CN", "31"]), address: "1 Road"), currency: yuan,
            lines: lines.enumerated().map { index, line in
                OrderLine(
                    number: index + 1, title: "Thing", priced: PricedLine(sku: Goods.sku(line.sku).id, quantity: line.pieces, unit: 100))
            }, coupons: coupon.map { [$0] } ?? [], paymentDue: due)
    }
}

extension Scenario {
    private static let shop: [Step] = [
        .ask { life in
            try life.write { writing throws(StoreError) in
                for number in 1...2 { try writing.create(Goods.sku(number)) }
                try writing.putChannel(ChannelID("web")!, settings: [:])
                _ = try writing.issue(.coupon, "c1", cause: .own("t/c1"), author: "t")
            }
            for number in 1...2 { try life.move(.receive(10), "po-\(number)", of: number) }
        }
    ]

    /// A refund whose sending was cut off is asked after half a minute later, under its number; one whose end could not be
    /// noted again and again, hours later.
    private static let settling: [Step] = [
        .ask { life in try life.workOff() }, .pass(60), .ask { life in try life.workOff() }, .pass(7_200), .ask { life in try life.workOff() },
        .pass(7_200), .ask { life in try life.workOff() },
    ]

    /// Phases by order, what each SKU's pool, reserved, sold and damaged are, and that every book fits its facts.
    private static func ends(_ phases: [String: OrderPhase], _ expected: [Int64], sent: Int64 = 0) -> @Sendable (Life) throws -> [String] {
        { life in
            let balance = try life.balance()
            let found = [balance.pool, balance.reserved, balance.sold, balance.damaged]
            var amiss = found == expected ? [] : ["pool, reserved, sold and damaged are \(found), not \(expected)"]
            for (number, phase) in phases.sorted(by: { $0.key < $1.key }) {
                let order = try life.read { reading throws(StoreError) in try reading.order(number) }
                if order?.state.phase != phase { amiss.append("order \(number) is \(order?.state.phase.rawValue ?? "gone"), not \(phase)") }
                let back = order?.state.money?.refunded ?? 0
                if back != sent { amiss.append("\(back) went back for \(number), not \(sent)") }
            }
            return amiss + (try life.read { reading throws(StoreError) in try reading.orderDifferences() }).map { "\($0.order) \($0.problem)" }
        }
    }

    /// Orders that are placed, paid, called off, sent and given back.
    static let orders: [Scenario] = [
        Scenario(
            name: "an order with a coupon is placed, paid and sent in two parcels", before: shop,
            steps: [
                .ask { life in try life.place("1-a", [(1, 3), (2, 1)], coupon: "c1") }, .ask { life in try life.pay("1-a", 400) },
                .ask { life in try life.ship("p1", "1-a", [(1, 2)]) }, .ask { life in try life.ship("p2", "1-a", [(1, 1), (2, 1)]) },
            ], outcome: ends(["1-a": .shipped], [7, 0, 0, 0])),
        Scenario(
            name: "a cancellation meets a payment and the money goes back once", before: shop,
            steps: [
                .ask { life in try life.place("1-a", [(1, 3)]) }, .ask { life in try life.cancel("1-a", by: .buyer) },
                .ask { life in try life.pay("1-a", 300) },
            ] + settling, outcome: ends(["1-a": .cancelled], [10, 0, 0, 0], sent: 300)),
        Scenario(
            name: "an order that nobody pays ends by its timer, and money that comes late takes its goods again", before: shop,
            steps: [
                .ask { life in try life.place("1-a", [(1, 3)], minutes: 1) }, .pass(61), .ask { life in try life.workOff() },
                .ask { life in try life.pay("1-a", 300) },
            ], outcome: ends(["1-a": .paid], [7, 0, 3, 0])),
        Scenario(
            name: "a piece comes back damaged and its money goes back", before: shop,
            steps: [
                .ask { life in try life.place("1-a", [(1, 2)]) }, .ask { life in try life.pay("1-a", 200) },
                .ask { life in try life.ship("p1", "1-a", [(1, 2)]) },
                .ask { life in
                    let claim = AfterSaleClaim(
                        kind: .returnAndRefund, lines: [LineShare(line: 1, pieces: 1, amount: 100)], reason: "cracked")
                    try life.afterSale(.asked(claim), "1-a")
                },
                .ask { life in try life.afterSale(.answered(1, AfterSaleAnswer(by: .seller, .agree)), "1-a") },
                .ask { life in
                    try life.afterSale(.taken([ReturnedGoods(line: 1, pieces: 1, disposition: .damaged)], .main), "1-a")
                },
            ] + settling, outcome: ends(["1-a": .shipped], [8, 0, 0, 1], sent: 100)),
        Scenario(
            name: "two orders want the last units and the second payment of the first goes back", before: shop,
            steps: [
                .ask { life in try life.place("1-a", [(1, 7)]) }, .ask { life in try life.place("1-b", [(1, 7)]) },
                .ask { life in try life.pay("1-a", 700) }, .ask { life in try life.pay("1-a", 700, "t2") },
            ] + settling, outcome: ends(["1-a": .paid], [3, 0, 7, 0], sent: 700)),
    ]
}
