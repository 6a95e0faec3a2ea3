import Commerce
import ConflictResolution
import GRDB
import Simulation
import SyncEngine

@testable import Store

extension Scenario {
    private static let backup: Step = .ask { life in
        let path = life.disk.path + "/backup"
        life.outside.release("the backup")
        _ = try life.perform { store in try await store.backup(to: path, replace: true) }
        life.promise("the backup is whole") { life in try verify(life) }
    }

    private static func verify(_ life: Life) throws -> Bool {
        let (path, disk) = (life.disk.path + "/backup", life.disk)
        do {
            return try life.perform { _ in try await Store.verifyBackup(path, on: disk) }.checksummed
        } catch StoreError.damagedBackup { return false }
    }

    private static let restore: Step = .stage { stage in
        if stage.life != nil { try stage.close() }
        // What was written since the backup is given up by whoever restores it.
        stage.outside.release("product")
        let disk = stage.disk
        try stage.outside.executor.perform {
            _ = try await Store.restore(from: disk.path + "/backup", to: disk.path, replace: true, on: disk)
        }
        if disk.isCut { throw Life.PowerCut() }
        stage.outside.promise("the store that stood there is moved aside") { life in
            // Each try that was cut off may have taken a folder.
            (1...4).contains { life.disk.exists(life.disk.path + "/replaced-\($0)/heyi.db") }
        }
    }

    private static let token: Step = .ask { life in
        let made = try life.write { writing throws(StoreError) in
            try writing.createToken(label: "t", scope: .operate, lifetime: .seconds(864_000))
        }
        let executor = life.outside.executor
        life.promise("token \(made.token.id)", stored: { reading throws(StoreError) in
            try reading.token(secret: made.secret, at: executor.now())?.id == made.token.id
        })
    }

    private static func checkpoint(_ mode: Database.CheckpointMode) -> Step {
        .ask { life in
            do {
                _ = try life.store.connection.writeWithoutTransaction { db in try db.checkpoint(mode) }
            } catch {
                throw StoreError.from(error)
            }
            if life.disk.isCut { throw Life.PowerCut() }
        }
    }

    /// What keeps the store itself: opening, closing, backups, tokens, answers, burials.
    static let keeping: [Scenario] = [
        Scenario(name: "a store is made", steps: [.put(Goods.brand(1), Goods.named("first"))], beginsClosed: true),
        Scenario(
            name: "a store is opened and closed", before: .stock,
            steps: [
                .ask { _ in }, .stage { try $0.close() }, .put(Goods.brand(1), Goods.named("again")),
                .stage { try $0.close() },
            ], beginsClosed: true),
        Scenario(
            name: "the log is moved into the database", before: .stock,
            steps: [
                .put(Goods.brand(1), Goods.named("a")), checkpoint(.passive), .put(Goods.brand(1), Goods.named("b")),
                checkpoint(.restart), .put(Goods.brand(1), Goods.named("c")), checkpoint(.truncate),
                .put(Goods.brand(1), Goods.named("d")),
            ]),
        Scenario(
            name: "the store is probed", before: .stock,
            steps: [
                .ask { life in try life.perform { store in try await store.probe() } },
                .put(Goods.brand(1), Goods.named("x")),
            ]),
        Scenario(
            name: "a token is given out and taken back", before: .stock,
            steps: [
                token, token,
                .ask { life in
                    life.outside.release("token")
                    let gone = try life.write { writing throws(StoreError) in
                        var gone: [String] = []
                        for token in try writing.reading.tokens() {
                            _ = try writing.revokeToken(token.id)
                            gone.append(token.id)
                        }
                        return gone
                    }
                    life.promise("the tokens are taken back", stored: { reading throws(StoreError) in
                        try reading.tokens().allSatisfy { !gone.contains($0.id) || $0.revokedAt != nil }
                    })
                },
            ]),
        Scenario(
            name: "an answer is remembered with what it tells of", before: .stock,
            steps: (1...2).map { number in
                .ask { life in
                    let key = "k\(number)"
                    try life.write { writing throws(StoreError) in
                        if try writing.reading.answer(scope: "token:x", key: key, request: [1]) != nil { return }
                        try writing.create(Goods.product(number + 50))
                        _ = try writing.apply(
                            UnitWrite(Goods.brand(number + 50), Goods.named("once"), author: "x", origin: .api))
                        try writing.remember(scope: "token:x", key: key, request: [1], status: 201, answer: [7])
                    }
                    life.promise("answer \(key)", stored: { reading throws(StoreError) in
                        try reading.answer(scope: "token:x", key: key, request: [1])?.body == [7]
                    })
                }
            },
            outcome: { life in
                try life.read { reading throws(StoreError) in
                    for number in 51...52 where try reading.history(Goods.brand(number), limit: 5).count != 1 {
                        return ["the request has not exactly one effect"]
                    }
                    return []
                }
            }),
        Scenario(
            name: "old answers are forgotten",
            before: .stock + [
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        for number in 0..<5 {
                            try writing.remember(scope: "s", key: "\(number)", request: [], status: 200, answer: [])
                        }
                    }
                }, .pass(2),
            ],
            steps: [
                .ask { life in
                    try life.write { writing throws(StoreError) in
                        while try writing.forgetAnswers(olderThan: .milliseconds(1), limit: 2) == 2 {}
                    }
                    life.promise("nothing is remembered", stored: { reading throws(StoreError) in
                        try reading.answer(scope: "s", key: "4", request: []) == nil
                    })
                }
            ]),
        Scenario(
            name: "what was deleted long ago is buried", shops: [.clocks("web"), .plain("shop")],
            before: .stockAtBoth + [
                .put(Goods.brand(2), Goods.named("two")), .put(Goods.life(2), ["state": "deleted"]), .settle,
                .put(Goods.brand(1), Goods.named("newer")), .settle, .pass(2),
            ],
            steps: [
                .ask { life in
                    try life.write { writing throws(StoreError) in _ = try writing.bury(olderThan: .milliseconds(1)) }
                    life.promise("it is buried", stored: { reading throws(StoreError) in try reading.isBuried(Goods.product(2)) })
                }, .settle,
            ]),
        Scenario(
            name: "a backup is made while writes go on", shops: [.clocks("web")], before: .stock + [.link("web")],
            steps: [
                .put(Goods.brand(1), Goods.named("before")), backup, .put(Goods.brand(1), Goods.named("after")), .settle,
            ]),
        Scenario(
            name: "a backup takes an older one's place", before: .stock + [backup],
            steps: [.put(Goods.brand(1), Goods.named("newer")), backup]),
        Scenario(
            name: "a backup is restored over the store", shops: [.clocks("web"), .plain("shop")],
            before: .stockAtBoth + [
                .settle, backup, .put(Goods.brand(1), Goods.named("forgotten")),
                .edit("web", Goods.tags(1), ["kept", "web"]), .settle,
            ],
            steps: [restore, .ask { _ in }, .put(Goods.price(1), Goods.amount(5)), .settle], beginsClosed: true,
            allowed: [.rebirth, .refusal]),
        Scenario(
            name: "a daemon restarts in the middle of its work", shops: [.clocks("web"), .plain("shop")], before: .stockAtBoth,
            steps: [
                .put(Goods.brand(1), Goods.named("one")), .edit("web", Goods.tags(1), ["web"]), .stage { try $0.close() },
                .put(Goods.price(1), Goods.amount(3)),
                .edit("shop", Goods.text(1), ["title": "Pot", "body": "<p>Shop</p>"]), .settle,
            ]),
    ]
}
