import Commerce
import ConflictResolution
import Store

extension Scenario {
    /// The hub's own writes.
    static let hub: [Scenario] = [
        Scenario(name: "the hub creates", steps: [.put(Goods.brand(1), Goods.named("一"))]),
        Scenario(
            name: "the hub changes", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [.put(Goods.brand(1), Goods.named("二")), .put(Goods.brand(1), Goods.named("三")), .settle]),
        Scenario(
            name: "the hub deletes a unit", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [.put(Goods.tags(1), nil), .settle]),
        Scenario(
            name: "the hub deletes a product", shops: [.clocks("web"), .plain("shop")],
            before: .stockAtBoth + [.put(Goods.life(1), ["state": "live"])],
            steps: [.put(Goods.life(1), ["state": "deleted"]), .settle]),
        Scenario(
            name: "many units in one write", before: .stock,
            steps: [
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        for number in 1...8 {
                            try writing.create(Goods.product(number))
                            let units: [(UnitRef, JSON)] = [
                                (Goods.brand(number), Goods.named("b\(number)")), (Goods.tags(number), ["new"]),
                            ]
                            for (unit, value) in units {
                                _ = try writing.apply(UnitWrite(unit, value, author: "operator", origin: .api))
                            }
                        }
                    }
                    life.promise("all eight", stored: { reading throws(StoreError) in
                        for number in 1...8 {
                            guard try Life.has(Goods.brand(number), Goods.named("b\(number)"), reading) else { return false }
                        }
                        return true
                    })
                }
            ],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    try reading.entityCounts().first { $0.kind == .product }?.count == 8 ? [] : ["not all were written"]
                }
            }),
        Scenario(
            name: "an import in batches", shops: [.clocks("web")], before: [.link("web")],
            steps: (0..<3).map { batch in
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        for number in (batch * 15)..<(batch * 15 + 15) {
                            try writing.create(Goods.sku(number))
                            let units: [(UnitRef, JSON)] = [
                                (Goods.price(number), Goods.amount(Int64(number))),
                                (Goods.identity(number), ["product": "p1", "code": .string("C\(number)")]),
                            ]
                            for (unit, value) in units {
                                _ = try writing.apply(UnitWrite(unit, value, author: "import", origin: .import))
                            }
                        }
                        try writing.rememberNow(scope: "import", key: "job", Array("\(batch)".utf8))
                    }
                    life.outside.release("the import")
                    life.promise("the import has come to \(batch)", stored: { reading throws(StoreError) in
                        guard let noted = try reading.answer(scope: "import", key: "job", request: []) else { return false }
                        return String(decoding: noted.body, as: UTF8.self) >= "\(batch)"
                    })
                }
            } + [.settle]),
        Scenario(
            name: "a person writes on what has moved on", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [
                .ask { life in
                    let seen = try life.read { reading throws(StoreError) in
                        try reading.head(Goods.tax(1))?.clock ?? VectorClock()
                    }
                    try life.put(Goods.tax(1), ["class": "a"])
                    try life.write { writing throws(StoreError) in
                        _ = try writing.apply(
                            UnitWrite(
                                Goods.tax(1), ["class": "b"], causality: .hubHaving(seen: seen, keepBoth: true),
                                author: "operator", origin: .api))
                    }
                }, .settle,
            ]),
        Scenario(
            name: "a SKU changes its code", before: [.put(Goods.identity(1), ["product": "p1", "code": "OLD"])],
            steps: [
                .ask { life in
                    try life.put(Goods.identity(1), ["product": "p1", "code": "NEW"])
                    life.promise("found by the new code", stored: { reading throws(StoreError) in
                        let old = try reading.find("OLD")
                        return try reading.find("NEW") == [Goods.sku(1)] && old.isEmpty
                    })
                }
            ]),
        Scenario(
            name: "an alias is given", before: .stock,
            steps: [
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        try writing.alias(Goods.product(1), namespace: "handle", key: "teapot")
                        try writing.audit(principal: "operator", action: "alias", subject: "product/p1", detail: "teapot")
                    }
                    life.promise("found by the alias", stored: { reading throws(StoreError) in
                        try reading.find("teapot") == [Goods.product(1)]
                    })
                }
            ]),
        Scenario(
            name: "the same is written again", before: .stock,
            steps: [.put(Goods.brand(1), Goods.named("合一")), .put(Goods.brand(1), Goods.named("合一"))],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    try reading.history(Goods.brand(1), limit: 10).count == 1 ? [] : ["the same became another change"]
                }
            }),
        Scenario(
            name: "a write takes itself back", before: .stock,
            steps: [
                .ask { life in
                    do {
                        try life.write { writing throws(StoreError) in
                            _ = try writing.apply(UnitWrite(Goods.brand(1), Goods.named("no"), author: "t", origin: .api))
                            throw .contradiction("thought better of it")
                        }
                    } catch StoreError.contradiction { if life.disk.isCut { throw Life.PowerCut() } }
                }, .put(Goods.brand(1), Goods.named("yes")),
            ],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    try Life.has(Goods.brand(1), Goods.named("no"), reading) ? ["what was taken back is there"] : []
                }
            }),
        Scenario(
            name: "acts are noted in the audit", before: .stock,
            steps: (0..<4).map { number in
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        try writing.audit(principal: "operator", action: "act", subject: "thing/\(number)", detail: "done")
                    }
                    life.promise("act \(number) is noted", stored: { reading throws(StoreError) in
                        try !reading.auditEntries(subject: "thing/\(number)", limit: 1).isEmpty
                    })
                }
            }),
        Scenario(
            name: "the hub keeps its price against a shop", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [
                .edit("web", Goods.price(1), Goods.amount(90)), .edit("shop", Goods.price(1), Goods.amount(80)),
                .put(Goods.price(1), Goods.amount(110)), .settle,
            ]),
    ]
}
