import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine

extension Scenario {
    private static func taken(_ unit: UnitRef, _ value: JSON) -> @Sendable (Life) throws -> [String] {
        { life in
            try life.read { reading throws(StoreError) in
                try Life.has(unit, value, reading) ? [] : ["the shop's \(value.text) was never taken up"]
            }
        }
    }

    /// What shops' people write, and questions that come of it.
    static let pulls: [Scenario] = [
        Scenario(
            name: "an edit is pulled where clocks are kept", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [.edit("web", Goods.brand(1), Goods.named("web's")), .settle],
            outcome: taken(Goods.brand(1), Goods.named("web's"))),
        Scenario(
            name: "an edit is pulled where none are kept", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [.edit("shop", Goods.brand(1), Goods.named("shop's")), .settle],
            outcome: taken(Goods.brand(1), Goods.named("shop's"))),
        Scenario(
            name: "several pages are pulled", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [
                .outside { outside in
                    for number in 1...20 {
                        outside.shop("web")?.edit(
                            Goods.remote(Goods.brand(number)), Goods.brand(number).unit, Goods.named("page \(number)"))
                    }
                }, .settle,
            ],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    try reading.entityCounts().first { $0.kind == .product }?.count == 20 ? [] : ["not all were taken up"]
                }
            }),
        Scenario(
            name: "a pull brings echoes, twice and shuffled", shops: [.clocks("web"), .clocks("app")],
            before: .stock + [.link("web"), .link("app")],
            steps: [
                .habits("web") { $0.repeats = 1_000; $0.shufflesPulls = true },
                .put(Goods.brand(1), Goods.named("a")), .edit("web", Goods.brand(1), Goods.named("b")),
                .edit("web", Goods.brand(1), Goods.named("c")), .edit("app", Goods.tags(1), ["app"]), .settle,
            ]),
        Scenario(
            name: "a shop edits the text it cut", shops: [.lossy("shop"), .clocks("web")], before: .stockAtBoth,
            steps: [.edit("shop", Goods.text(1), ["title": "Teapot of pu", "body": "<p>Shop</p>"]), .settle]),
        Scenario(
            name: "a shop writes in its own spelling", shops: [.wordy("web"), .plain("shop")],
            before: [.put(Goods.place, ["position": 1]), .link("web"), .link("shop")],
            steps: [
                .edit("web", Goods.place, ["parent": .null, "position": 2]), .settle,
                .edit("web", Goods.place, ["parent": .null, "position": 3]), .settle,
            ]),
        Scenario(
            name: "a shop makes a product", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [.edit("shop", UnitRef(EntityRef(.product, EntityID("their1")!), UnitName("brand")!), Goods.named("new")), .settle],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    try reading.entityCounts().first { $0.kind == .product }?.count == 2 ? [] : ["it was made more or less than once"]
                }
            }),
        Scenario(
            name: "hub and shop write at once", shops: [.clocks("web"), .plain("shop")],
            before: .stockAtBoth + [.put(Goods.tax(1), ["class": "a"])],
            steps: [
                .dark("web"), .edit("web", Goods.tax(1), ["class": "web"]), .put(Goods.tax(1), ["class": "hub"]), .pass(3),
                .dark("web", false), .settle,
            ],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    try reading.openConflictCount() <= 1 ? [] : ["more is asked than there is to ask"]
                }
            }),
        Scenario(
            name: "a person answers a conflict", shops: [.clocks("web"), .plain("shop")],
            before: .stockAtBoth + [
                .put(Goods.tax(1), ["class": "a"]), .settle, .dark("web"), .edit("web", Goods.tax(1), ["class": "web"]),
                .put(Goods.tax(1), ["class": "hub"]), .dark("web", false), .pass(60),
            ],
            steps: [
                .ask { life in
                    try life.put(Goods.tax(1), ["class": "answered"], reason: "asked")
                    life.promise("nothing is asked", stored: { reading throws(StoreError) in
                        try reading.openConflictCount() == 0
                    })
                }, .settle,
            ],
            outcome: { life in
                try life.live(Goods.tax(1)) == ["class": "answered"] ? [] : ["the answer is not what is live"]
            }),
        Scenario(
            name: "a product vanishes at a shop", shops: [.plain("shop")],
            before: .stock + [.put(Goods.life(1), ["state": "live"]), .link("shop")],
            steps: [
                .outside { outside in outside.vanished = [Goods.remote(Goods.life(1))] }, .pass(6),
                .outside { outside in outside.vanished = [] },
                .ask { life in try life.put(Goods.life(1), ["state": "live"], reason: "it stays") }, .settle,
            ]),
        Scenario(
            name: "shops edit the same unit at once", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [
                .edit("web", Goods.tags(1), ["pot", "tea", "web"]), .edit("shop", Goods.tags(1), ["pot", "shop"]),
                .put(Goods.tags(1), ["pot", "tea", "hub"]), .settle,
            ]),
    ]
}
