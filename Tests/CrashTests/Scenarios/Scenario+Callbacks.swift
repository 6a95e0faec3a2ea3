import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine

extension Scenario {
    private static func deltas(_ unit: UnitRef, _ value: JSON) -> JSON {
        [
            "type": "deltas",
            "data": [
                "deltas": [
                    [
                        "entity": .string(unit.entity.description), "unit": .string(unit.unit.text), "op": "set", "value": value,
                    ]
                ]
            ],
        ]
    }

    private static func changed(_ units: UnitRef...) -> JSON {
        ["type": "changed", "data": ["entities": .array(units.map { .string($0.entity.description) })]]
    }

    private static func counts(_ state: InboxItem.State, _ count: Int) -> @Sendable (Life) throws -> [String] {
        { life in
            try life.read { reading throws(StoreError) in
                let found = try reading.inboxFigures().counts[state] ?? 0
                return found == count ? [] : ["\(found) callbacks are \(state), not \(count)"]
            }
        }
    }

    private static let news = Goods.named("told")
    private static let told: [Step] = [
        .edit("shop", Goods.brand(1), news), .ask { life in try life.deliver("shop", "msg_1", deltas(Goods.brand(1), news)) },
    ]

    /// What shops tell by callbacks.
    static let callbacks: [Scenario] = [
        Scenario(
            name: "a callback is kept and applied", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: told + [.settle], outcome: counts(.applied, 1)),
        Scenario(
            name: "a callback comes twice", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: told + [.ask { life in try life.deliver("shop", "msg_1", deltas(Goods.brand(1), news)) }, .settle],
            outcome: counts(.applied, 1)),
        Scenario(
            name: "a callback's id comes with another body", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: told + [
                .ask { life in
                    let had = try life.read { reading throws(StoreError) in
                        try reading.inbox(state: .quarantined, limit: 1).count
                    }
                    if had == 0 { try life.deliver("shop", "msg_1", deltas(Goods.brand(1), Goods.named("forged"))) }
                }, .settle,
            ], outcome: counts(.quarantined, 1)),
        Scenario(
            name: "a callback says nothing that can be read", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: [.ask { life in try life.deliver("shop", "msg_2", ["type": "gossip"]) }, .settle], outcome: counts(.dead, 1)),
        Scenario(
            name: "a callback names what to read", shops: [.clocks("web")],
            before: .stock + [.ask { life in try life.link("web") { $0.pullEvery = .seconds(86_400) } }],
            steps: [
                .edit("web", Goods.brand(1), news), .edit("web", Goods.tags(1), ["told"]),
                .ask { life in try life.deliver("web", "msg_3", changed(Goods.brand(1), Goods.price(1))) }, .settle,
            ], outcome: counts(.applied, 1)),
        Scenario(
            name: "what a callback names is put off while its shop is away", shops: [.clocks("web")],
            before: .stock + [.ask { life in try life.link("web") { $0.pullEvery = .seconds(86_400) } }],
            steps: [
                .edit("web", Goods.brand(1), news), .dark("web"),
                .ask { life in try life.deliver("web", "msg_4", changed(Goods.brand(1))) }, .pass(20),
                .dark("web", false), .settle,
            ], outcome: counts(.applied, 1)),
        Scenario(
            name: "a dead callback is played again", shops: [.plain("shop")],
            before: .stock + [.link("shop"), .ask { life in try life.deliver("shop", "msg_5", ["type": "gossip"]) }, .settle],
            steps: [
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        for item in try writing.reading.inbox(state: .dead, limit: 5) { try writing.replay(item.number) }
                    }
                    life.engine.inbox.signal.bump()
                }, .settle,
            ], outcome: counts(.dead, 1)),
        Scenario(
            name: "applied callbacks are cleared away", shops: [.plain("shop")],
            before: .stock + [.link("shop")] + told + [.settle],
            steps: [
                .pass(2),
                .ask { life in
                    life.outside.release("callback")
                    try life.write { writing throws(StoreError) in
                        var next: Int64? = 0
                        while let after = next { next = try writing.clearInbox(olderThan: .milliseconds(1), after: after).next }
                    }
                    life.promise("the inbox is clear", stored: { reading throws(StoreError) in
                        try reading.inbox(limit: 1).isEmpty
                    })
                },
            ]),
        Scenario(
            name: "many callbacks at once", shops: [.plain("shop")], before: .stock + [.link("shop")],
            steps: (1...6).flatMap { number -> [Step] in
                let value = Goods.named("n\(number)")
                return [
                    .edit("shop", Goods.brand(number), value),
                    .ask { life in try life.deliver("shop", "many_\(number)", deltas(Goods.brand(number), value)) },
                ]
            } + [.settle], outcome: counts(.applied, 6)),
    ]
}
