import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store

extension Scenario {
    /// Two SKUs with ten units each, a shop, and an account at a payment service.
    static let shopWithAccount: [Step] = [
        .ask { life in
            try life.write { writing throws(StoreError) in
                for number in 1...2 { try writing.create(Goods.sku(number)) }
                try writing.putChannel(ChannelID("web")!, settings: [:])
                try writing.putGateway(Life.account, kind: GatewayKind.stripe.rawValue)
            }
            for number in 1...2 { try life.move(.receive(10), "po-\(number)", of: number) }
        },
        .ask { life in try life.place("1-a", [(1, 3)]) }, .ask { life in try life.openThere("1-a", 300) },
    ]

    static func paid(_ transaction: String = "t1", _ amount: Int64 = 300, number: String = "1-a-a1") -> JSON {
        ["paid": .string(number), "transaction": .string(transaction), "amount": .integer(amount), "at": 1_760_000_001_000]
    }

    private static let sendBack: [Step] = [
        .ask { life in try life.workOffThere() }, .pass(60), .ask { life in try life.workOffThere() }, .ask { life in try life.applyCallbacks() },
    ]

    /// What came in for an order and went back by the books, what the service sent back, and the state of callbacks.
    private static func ends(captured: Int64, back: Int64 = 0, applied: Int, dead: Int = 0) -> @Sendable (Life) throws -> [String] {
        { life in
            let sent = life.outside.services.sentBack
            var amiss = sent == back ? [] : ["the service sent \(sent) back, not \(back)"]
            amiss += try life.read { reading throws(StoreError) in
                let money = try reading.requireOrder("1-a").state.money
                let counts = try reading.inboxFigures().counts
                let found = [money?.captured ?? 0, money?.refunded ?? 0, Int64(counts[.applied] ?? 0), Int64(counts[.dead] ?? 0)]
                let expected = [captured, back, Int64(applied), Int64(dead)]
                return found == expected ? [] : ["captured, refunded, applied and dead are \(found), not \(expected)"]
            }
            return amiss + (try life.read { reading throws(StoreError) in try reading.orderDifferences() }).map { "\($0.order) \($0.problem)" }
        }
    }

    /// What payment services tell by callbacks.
    static let gatewayCallbacks: [Scenario] = [
        Scenario(
            name: "a service's callback is kept and pays its order", before: shopWithAccount,
            steps: [.ask { life in try life.hear("e1", paid()) }, .ask { life in try life.applyCallbacks() }],
            outcome: ends(captured: 300, applied: 1)),
        Scenario(
            name: "a service tells of a payment twice and in two events", before: shopWithAccount,
            steps: [
                .ask { life in try life.hear("e1", paid()) }, .ask { life in try life.hear("e1", paid()) },
                .ask { life in try life.applyCallbacks() }, .ask { life in try life.hear("e2", paid()) },
                .ask { life in try life.applyCallbacks() },
            ], outcome: ends(captured: 300, applied: 2)),
        Scenario(
            name: "a second payment told by a callback goes back once", before: shopWithAccount,
            steps: [
                .ask { life in try life.hear("e1", paid()) }, .ask { life in try life.hear("e2", paid("t2")) },
                .ask { life in try life.applyCallbacks() },
            ] + sendBack, outcome: ends(captured: 600, back: 300, applied: 2)),
        Scenario(
            name: "a cancelled order's payment is told late and goes back once", before: shopWithAccount,
            steps: [
                // Its page is closed when he calls the order off; money that was under way comes all the same.
                .ask { life in try life.tell(.paymentClosed(EntityID("a1")!), "1-a") },
                .ask { life in try life.cancel("1-a", by: .buyer) }, .ask { life in try life.hear("e1", paid()) },
                .ask { life in try life.applyCallbacks() },
            ] + sendBack, outcome: ends(captured: 300, back: 300, applied: 1)),
        Scenario(
            name: "a callback of another amount is asked after before it is believed", before: shopWithAccount,
            steps: [
                .outside { outside in
                    let payment = Payment(
                        ref: PaymentRef(gateway: WiredService.name, transaction: "t1"), attempt: EntityID("a1"),
                        amount: Money(amount: 300, currency: Life.yuan))
                    outside.services.attempts["1-a-a1"] = .paid(payment, at: Timestamp(milliseconds: 1_760_000_001_000))
                },
                .ask { life in try life.hear("e1", paid("t1", 999)) }, .ask { life in try life.applyCallbacks() },
            ], outcome: ends(captured: 300, applied: 1)),
        Scenario(
            name: "a callback that can be applied to nothing is set aside, and holds up none", before: shopWithAccount,
            steps: [
                .ask { life in try life.hear("e0", ["gossip": true]) },
                .ask { life in try life.hear("e1", paid("t9", 300, number: "1-zz-a1")) }, .ask { life in try life.hear("e2", paid()) },
                .ask { life in try life.applyCallbacks() },
            ], outcome: ends(captured: 300, applied: 1, dead: 2)),
    ]
}
