import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine

extension Scenario {
    private static func pushing(
        _ name: String, to shop: Shop, _ id: String, habits: @escaping @Sendable (inout SimulatedChannel.Habits) -> Void
    ) -> Scenario {
        Scenario(
            name: name, shops: [shop], before: .stock + [.link(id)],
            steps: [
                .habits(id, habits), .put(Goods.brand(1), Goods.named("new")), .put(Goods.price(1), Goods.amount(7)),
                .pass(8), .habits(id) { $0 = SimulatedChannel.Habits() }, .settle,
            ])
    }

    /// What becomes of pushes.
    static let pushes: [Scenario] = [
        pushing("a push lands where clocks are kept", to: .clocks("web"), "web") { _ in },
        pushing("a push lands where none are kept", to: .plain("shop"), "shop") { _ in },
        pushing("a push is put off", to: .clocks("web"), "web") { $0.defersDelta = 1_000 },
        pushing("a push is put off where no clocks are kept", to: .plain("shop"), "shop") { $0.defersDelta = 1_000 },
        pushing("an answer is lost", to: .clocks("web"), "web") { $0.losesAnswer = 1_000 },
        pushing("an answer is lost where no clocks are kept", to: .plain("shop"), "shop") { $0.losesAnswer = 1_000 },
        pushing("a request is lost where no clocks are kept", to: .plain("shop"), "shop") { $0.losesRequest = 1_000 },
        pushing("a shop fails", to: .plain("shop"), "shop") { $0.fails = 1_000 },
        pushing("a shop asks to wait", to: .plain("shop"), "shop") { $0.throttles = 1_000 },
        pushing("a shop cannot be reached", to: .clocks("web"), "web") { $0.refuses = 1_000 },
        pushing("requests arrive twice", to: .clocks("web"), "web") { $0.repeats = 1_000 },
        pushing("a shop that cuts and sorts is pushed to", to: .lossy("shop"), "shop") { $0.losesAnswer = 500 },
        Scenario(
            name: "a push is refused for good", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [
                .habits("web") { $0.rejectsDelta = 1_000 }, .put(Goods.brand(1), Goods.named("refused")), .pass(6),
                .habits("web") { $0.rejectsDelta = 0 }, .put(Goods.brand(1), Goods.named("taken")), .settle,
            ],
            allowed: [.dead],
            outcome: { life in
                life.outside.shop("web")?.value(Goods.remote(Goods.brand(1)), Goods.brand(1).unit) == Goods.named("taken")
                    ? [] : ["a new value did not bring the refused unit back"]
            }),
        Scenario(
            name: "a dead push is tried again", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: [
                .habits("shop") { $0.rejectsDelta = 1_000 }, .put(Goods.brand(1), Goods.named("late")), .pass(6),
                .habits("shop") { $0.rejectsDelta = 0 },
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        _ = try writing.retryNow(try writing.reading.requireChannel(ChannelID("shop")!), state: .dead)
                    }
                    life.engine.wake(ChannelID("shop")!)
                }, .settle,
            ]),
        Scenario(
            name: "more is pushed than fits one batch", shops: [.clocks("web"), .plain("shop")],
            before: [.link("web"), .link("shop")],
            steps: [
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        for number in 1...26 {
                            try writing.create(Goods.product(number))
                            _ = try writing.apply(
                                UnitWrite(Goods.brand(number), Goods.named("b\(number)"), author: "t", origin: .api))
                        }
                    }
                }, .settle,
            ]),
        Scenario(
            name: "a push is given up and its unit changes", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: [
                .habits("shop") { $0.losesAnswer = 1_000 }, .put(Goods.brand(1), Goods.named("perhaps")), .pass(4),
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        let record = try writing.reading.requireChannel(ChannelID("shop")!)
                        guard try writing.reading.exception(record, Goods.brand(1)) != nil else { return }
                        try writing.giveUp(record, Goods.brand(1))
                    }
                },
                .habits("shop") { $0.losesAnswer = 0 }, .put(Goods.brand(1), Goods.named("surely")), .settle,
            ]),
        Scenario(
            name: "the cursor passes what a shop does not want", shops: [.clocks("web")],
            before: [.ask { life in try life.link("web") { $0.families = ["price"] } }],
            steps: [.put(Goods.brand(1), Goods.named("x")), .put(Goods.tags(1), ["a"]), .settle],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    let record = try reading.requireChannel(ChannelID("web")!)
                    let newest = try reading.newestSequence()
                    return try reading.cursor(record, .push).position == newest ? [] : ["the cursor stays behind"]
                }
            }),
        Scenario(
            name: "the hub changes what may have landed", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [.put(Goods.brand(1), Goods.named("landed?")), .put(Goods.price(1), Goods.amount(7)), .settle],
            atOnce: { life in
                try life.put(Goods.brand(1), Goods.named("at once"))
                try life.put(Goods.price(1), Goods.amount(8))
            }),
        Scenario(
            name: "a shop edits while it is pushed to", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: [
                .put(Goods.text(1), ["title": "Pot", "body": "<p>Two</p>"]),
                .edit("shop", Goods.text(1), ["title": "Teapot", "body": "<p>One</p>"]),
                .put(Goods.tags(1), ["pot", "tea", "red"]), .settle,
            ]),
    ]
}
