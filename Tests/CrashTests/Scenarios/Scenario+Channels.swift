import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine

extension Scenario {
    private static let web = ChannelID("web")!

    private static func set(_ state: ChannelRecord.State) -> Step {
        .ask { life in
            life.outside.release("web is")
            try life.write { writing throws(StoreError) in
                if try writing.setChannel(web, state: state, reason: "by hand") {
                    try writing.audit(principal: "operator", action: "state", subject: "channel/web", detail: state.rawValue)
                }
            }
            life.promise("web is \(state)", stored: { reading throws(StoreError) in try reading.channel(web)?.state == state })
            life.engine.wake(web)
        }
    }

    private static let visit = Observation(
        entity: RemoteRef(kind: .product, id: "p1"), unit: UnitName("brand")!, content: .value(Goods.named("visitor's")),
        token: CausalToken(json: [:]), dot: DotToken(actor: "ch:app:phone", count: 1))

    /// Channels that come, stop, go and change.
    static let channels: [Scenario] = [
        Scenario(name: "a channel is set up", shops: [.clocks("web")], before: .stock, steps: [.link("web"), .settle]),
        Scenario(
            name: "a channel without clocks is set up", shops: [.plain("shop")], before: .stock,
            steps: [.link("shop"), .settle]),
        Scenario(
            name: "a channel gets other settings", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [.ask { life in
                life.outside.release("web is set up")
                try life.link("web") { $0.batchMax = 1; $0.creates = false }
            }, .put(Goods.brand(1), Goods.named("after")), .settle]),
        Scenario(
            name: "a channel is paused and goes on", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [set(.paused), .put(Goods.brand(1), Goods.named("meanwhile")), .pass(4), set(.active), .settle]),
        Scenario(
            name: "a channel is halted and resumed", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [set(.halted), .put(Goods.brand(1), Goods.named("meanwhile")), .pass(2), set(.active), .settle]),
        Scenario(
            name: "a channel is retired", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [set(.retired), .put(Goods.brand(1), Goods.named("without it")), .settle]),
        Scenario(
            name: "a channel is observed anew", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: ["web", "shop"].map { id in
                .ask { life in
                    try life.write { writing throws(StoreError) in try writing.resyncChannel(ChannelID(id)!) }
                    life.engine.wake(ChannelID(id)!)
                }
            } + [.settle]),
        Scenario(
            name: "another data set stands behind a channel", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [
                .outside { outside in for shop in outside.shops { outside.generations[shop.id] = "g2" } },
                .ask { life in for id in ["web", "shop"] { try life.connect(id) } },
                .put(Goods.brand(1), Goods.named("after")), .settle,
            ]),
        Scenario(
            name: "a visitor posts and is answered once", before: .stock + [.link("app")],
            steps: [
                .ask { life in
                    let answer = try life.perform { store in
                        try await Visits(store: store).accept(
                            ChannelID("app")!, message: "m1", body: [1, 2], observations: [visit]
                        ) { observed, reading throws(StoreError) in
                            Array("\(observed.count) at \(try reading.newestSequence())".utf8)
                        }
                    }
                    life.promise("the visitor's answer", stored: { reading throws(StoreError) in
                        try reading.answer(scope: "ch:app", key: "m1", request: [1, 2])?.body == answer
                    })
                }
            ],
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    let posted = try reading.history(Goods.brand(1), limit: 50).filter {
                        $0.value == Goods.named("visitor's").bytes
                    }
                    return posted.count == 1 ? [] : ["the post has \(posted.count) effects"]
                }
            }),
        Scenario(
            name: "a visitor reads and acknowledges", before: .stock + [.link("app")],
            steps: [
                .ask { life in
                    let id = ChannelID("app")!
                    let next = try life.perform { store in
                        let page = try await Visits(store: store).page(id, since: 0, limit: 2)
                        _ = try await Visits(store: store).page(id, since: page.next, limit: 2)
                        return page.next
                    }
                    life.promise("the visitor's place", stored: { reading throws(StoreError) in
                        try reading.cursor(reading.requireChannel(id), .push).position >= next
                    })
                }
            ]),
    ]
}
