import Commerce
import Simulation
import Store

extension Life {
    /// Moves goods, and promises that it is written down once from then on.
    func move(_ act: StockOrder.Act, _ cause: String, of number: Int = 1, at warehouse: WarehouseID = .main) throws {
        let order = try StockOrder(act, of: Goods.sku(number), at: warehouse, cause: StockCause(cause), author: "t", reason: "r")
        let outcome = try write { writing throws(StoreError) in try writing.move(order) }
        if case .short = outcome { return }
        promise("movement \(cause)", stored: { reading throws(StoreError) in
            try reading.stockEntries(cause: order.cause).first?.sku == order.sku
        })
    }

    func reserve(_ owner: String, _ quantity: Int64, of number: Int = 1, seconds: Int = 3_600) throws {
        let request = try HoldRequest(owner: owner, demand: Life.demand(quantity, number), lifetime: .seconds(seconds))
        guard case .short = try write({ writing throws(StoreError) in try writing.reserve(request) }) else {
            promise("\(owner) was held", stored: { reading throws(StoreError) in
                try reading.holds(owner: owner).reduce(0) { $0 + $1.quantity } == quantity
            })
            return
        }
    }

    func claim(_ owner: String) throws {
        guard case .done = try write({ writing throws(StoreError) in try writing.claim(owner: owner) }) else { return }
        promise("\(owner) was paid for", stored: { reading throws(StoreError) in
            try reading.holds(owner: owner).allSatisfy { $0.state == .claimed }
        })
    }

    static func demand(_ quantity: Int64, _ number: Int = 1) throws -> StockDemand {
        try StockDemand([.init(line: "1", sku: SKUID(Goods.sku(number))!, quantity: quantity)])
    }

    func balance(_ number: Int = 1, at warehouse: WarehouseID = .main) throws -> StockBalance {
        let now = outside.executor.now()
        return try read { reading throws(StoreError) in
            try reading.stockLevels(Goods.sku(number), at: now).first { $0.warehouse == warehouse }?.balance
        } ?? StockBalance()
    }
}

extension Scenario {
    private static let north = WarehouseID("north")!
    private static let web = ChannelID("web")!

    private static let shelves: [Step] = [
        .ask { life in
            try life.write { writing throws(StoreError) in
                for number in 1...2 { try writing.create(Goods.sku(number)) }
                try writing.putWarehouse(north, name: "North", place: 1)
                try writing.putChannel(web, settings: [:])
            }
            for number in 1...2 { try life.move(.receive(10), "po-\(number)", of: number) }
        }
    ]

    private static func shows(_ expected: [Int64], _ number: Int = 1) -> @Sendable (Life) throws -> [String] {
        { life in
            let balance = try life.balance(number)
            let found = [balance.pool, balance.rightsTotal, balance.reserved, balance.sold]
            return found == expected ? [] : ["pool, rights, reserved and sold are \(found), not \(expected)"]
        }
    }

    /// Goods that are moved, held, sold and granted.
    static let stock: [Scenario] = [
        Scenario(
            name: "goods are received, counted and written off", before: shelves,
            steps: [
                .ask { life in try life.move(.receive(5), "po-3") }, .ask { life in try life.move(.count(14), "count-1") },
                .ask { life in try life.move(.damage(2), "fall-1") },
            ], outcome: shows([12, 0, 0, 0])),
        Scenario(
            name: "an order is held, paid for and shipped", before: shelves,
            steps: [
                .ask { life in try life.reserve("order/1", 4) }, .ask { life in try life.claim("order/1") },
                .ask { life in
                    let (parts, cause) = (try Life.demand(3), try StockCause("parcel/1"))
                    _ = try life.write { writing throws(StoreError) in
                        try writing.ship(owner: "order/1", parts: parts, cause: cause, author: "t")
                    }
                    life.promise("parcel/1 has left", stored: { reading throws(StoreError) in
                        try reading.holds(owner: "order/1").first?.shipped == 3
                    })
                },
            ], outcome: shows([6, 0, 0, 1])),
        Scenario(
            name: "two want the last units", before: shelves,
            steps: [.ask { life in try life.reserve("order/1", 7) }, .ask { life in try life.reserve("order/2", 7) }],
            outcome: shows([3, 0, 7, 0])),
        Scenario(
            name: "a hold's time is over and the next buyer takes the goods", before: shelves,
            steps: [
                .ask { life in try life.reserve("order/1", 8, seconds: 1) }, .pass(2),
                .ask { life in
                    life.outside.release("order/1 was held")
                    try life.reserve("order/2", 9)
                },
                .ask { life in try life.claim("order/2") },
            ], outcome: shows([1, 0, 0, 9])),
        Scenario(
            name: "what was held too long is taken back", before: shelves,
            steps: [
                .ask { life in
                    for number in 1...3 { try life.reserve("order/\(number)", 2, seconds: 1) }
                }, .pass(2),
                .ask { life in
                    try life.write { writing throws(StoreError) in while try writing.expireHolds(limit: 2) == 2 {} }
                    life.promise("all is taken back", stored: { reading throws(StoreError) in
                        try reading.holds(sku: nil, state: .open, limit: 1).isEmpty
                    })
                },
            ], outcome: shows([10, 0, 0, 0])),
        Scenario(
            name: "goods go to another warehouse", before: shelves,
            steps: [
                .ask { life in try life.move(.dispatch(6, to: north), "truck-1") },
                .ask { life in try life.move(.arrive(4), "truck-1/arrived", at: north) },
                .ask { life in try life.move(.lose(2), "truck-1/lost", at: north) },
            ],
            outcome: { life in
                let there = try life.balance(at: north)
                return try shows([4, 0, 0, 0])(life) + (there.pool == 4 && there.transit == 0 ? [] : ["not all arrived once"])
            }),
        Scenario(
            name: "a channel sells under its right and gives some of it back", before: shelves,
            steps: [
                .ask { life in
                    let cause = try StockCause("grant-1")
                    _ = try life.write { writing throws(StoreError) in
                        try writing.grant(6, of: Goods.sku(1), to: web, cause: cause, author: "t")
                    }
                },
                .ask { life in
                    let sale = try ChannelSale(channel: web, owner: "web/1", demand: Life.demand(2))
                    _ = try life.write { writing throws(StoreError) in try writing.sell(sale) }
                    life.promise("web/1 is sold", stored: { reading throws(StoreError) in
                        try reading.holds(owner: "web/1").first?.state == .claimed
                    })
                },
                .ask { life in
                    let cause = try StockCause("less-1")
                    _ = try life.write { writing throws(StoreError) in
                        try writing.withdraw(3, of: Goods.sku(1), from: web, cause: cause)
                    }
                },
                .ask { life in
                    let cause = try StockCause("less-1")
                    _ = try life.write { writing throws(StoreError) in
                        try writing.confirmWithdrawal(of: Goods.sku(1), from: web, cause: cause, author: "t")
                    }
                },
            ], outcome: shows([7, 1, 0, 2])),
    ]
}
