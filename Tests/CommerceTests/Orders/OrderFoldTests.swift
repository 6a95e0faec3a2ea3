import Commerce
import Testing

@Suite struct OrderFoldTests {
    @Test func `in whatever order facts come and however often, the state is the same`() {
        for seed in Lives.seeds(200) {
            var order = RandomOrder(seed: seed, hearsOutside: seed % 4 > 1)
            order.live(60, rules: seed % 2 == 0)
            let state = order.story.state
            for _ in 0..<4 { #expect(OrderFold.state(of: order.retold()) == state, "seed \(seed)") }
        }
    }

    @Test func `what two ends have heard apart is the same once they have heard each other`() {
        for seed in Lives.seeds(60) {
            var order = RandomOrder(seed: seed)
            order.live(50)
            let (left, right) = (order.retold().filter { _ in order.chance(2) }, order.retold())
            #expect(OrderFold.state(of: left + right) == OrderFold.state(of: right + left), "seed \(seed)")
        }
    }

    @Test func `two things told under one key are a problem, and the earlier one counts everywhere`() throws {
        let early = RecordedFact(OrderStory.paid(500), at: Cart.noon, by: "wx")
        let late = RecordedFact(OrderStory.paid(5), at: Cart.noon + .seconds(1), by: "wx")
        let placed = RecordedFact(.placed(OrderStory.order([(1, 500)])), at: Cart.noon, by: "web")
        for told in [[placed, early, late], [late, early, placed, late]] {
            let state = OrderFold.state(of: told)
            #expect(state.phase == .paid && state.money?.captured == 500)
            #expect(state.problems == [.contradiction(key: "paid:wx/t1")])
        }
    }

    @Test func `facts that come before their order wait for it`() {
        let paid = RecordedFact(OrderStory.paid(500), at: Cart.noon, by: "wx")
        let alone = OrderFold.state(of: [paid])
        #expect(alone.phase == .expected && alone.problems == [.waits(key: "paid:wx/t1", for: "placed")])
        let placed = RecordedFact(.placed(OrderStory.order([(1, 500)])), at: Cart.noon + .seconds(9), by: "web")
        #expect(OrderFold.state(of: [paid, placed]).phase == .paid)
        #expect(OrderFold.state(of: [paid, placed]).problems.isEmpty)
        #expect(OrderFold.state(of: []) == OrderFold.state(of: []))
    }

    @Test func `every fact is read back as it was kept, under the same key`() throws {
        var kinds: Set<OrderFact.Kind> = []
        for seed in Lives.seeds(120) {
            var order = RandomOrder(seed: seed, hearsOutside: true)
            order.live(60, rules: seed % 3 != 0)
            for recorded in order.story.facts {
                let body = try JSON.parse(recorded.fact.body.text)
                let back = try OrderFact(kind: recorded.fact.kind, body: body)
                #expect(back == recorded.fact && back.key == recorded.fact.key)
                kinds.insert(back.kind)
            }
        }
        let invoice = OrderFact.invoiced(Cart.id("i1"), title: "某某公司", amount: 500)
        #expect(try OrderFact(kind: .invoiced, body: invoice.body) == invoice)
        #expect(kinds.union([.invoiced]) == Set(OrderFact.Kind.allCases))
    }

    @Test func `a fact with a member nobody knows, or a number nobody can mean, is refused`() {
        let bodies: [(OrderFact.Kind, JSON)] = [
            (.paid, ["gateway": "wx", "transaction": "t", "amount": ["amount": 1, "currency": "CNY"], "paid": true]),
            (.paid, ["gateway": "w/x", "transaction": "t", "amount": ["amount": 1, "currency": "CNY"]]),
            (.paid, ["gateway": "wx", "transaction": "t 1", "amount": ["amount": 1, "currency": "CNY"]]),
            (.paid, ["gateway": "wx", "transaction": "t", "amount": ["amount": -1, "currency": "CNY"]]),
            (.paid, ["gateway": "wx", "transaction": "t", "amount": ["amount": .decimal("0.5"), "currency": "CNY"]]),
            (.paid, ["gateway": "wx", "transaction": "t", "amount": ["amount": 1, "currency": "RMB"]]),
            (.shipped, ["parcel": "p", "warehouse": "main", "lines": [["line": 1, "pieces": 0]]]),
            (.shipped, ["parcel": "p", "warehouse": "main", "lines": [["line": 0, "pieces": 1]]]),
            (.cancelled, ["number": 1, "by": "nobody"]),
            (.completed, ["really": true]),
            (.placed, [:]),
        ]
        for (kind, body) in bodies { #expect(throws: ValidationFailure.self, "\(body.text)") { try OrderFact(kind: kind, body: body) } }
    }
}
