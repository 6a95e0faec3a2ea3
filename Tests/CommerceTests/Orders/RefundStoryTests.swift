import Commerce
import Testing

@Suite struct RefundStoryTests {
    private typealias Story = OrderStory

    private func refund(_ number: String, _ amount: Int64, _ lines: [LineShare] = [], _ reason: Refund.Reason, to transaction: String = "t1")
        -> OrderFact
    {
        .refundOpened(
            Refund(
                number: Cart.id(number), payment: PaymentRef(gateway: "wx", transaction: transaction), amount: Story.yuan(amount),
                lines: lines, reason: reason))
    }

    @Test func `a refund counts from the moment it is promised, so two at once cannot give back more than came in`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(refund("r1", 400, [LineShare(line: 1, pieces: 0, amount: 400)], .goodwill))
        #expect(story.money.opened == 400 && story.money.refunded == 0)
        #expect(throws: OrderRefusal.paymentBound(PaymentRef(gateway: "wx", transaction: "t1"), wanted: 101, left: 100)) {
            try story.does(refund("r2", 101, [LineShare(line: 1, pieces: 0, amount: 101)], .goodwill))
        }
        try story.does(refund("r2", 100, [LineShare(line: 1, pieces: 0, amount: 100)], .goodwill))
    }

    @Test func `a refund above what was paid for its line is refused although the order was dearer`() throws {
        var story = try Story.sent([(1, 500), (1, 300)])
        #expect(throws: OrderRefusal.lineBound(line: 2, wanted: 301, left: 300)) {
            try story.does(refund("r1", 301, [LineShare(line: 2, pieces: 0, amount: 301)], .goodwill))
        }
        #expect(throws: OrderRefusal.noSuchLine(3)) {
            try story.does(refund("r1", 1, [LineShare(line: 3, pieces: 0, amount: 1)], .goodwill))
        }
        #expect(throws: OrderRefusal.amount(200, wanted: "its lines' shares come to 100")) {
            try story.does(refund("r1", 200, [LineShare(line: 2, pieces: 0, amount: 100)], .goodwill))
        }
    }

    @Test func `what a line was not paid with does not go back without a reason`() throws {
        var story = try Story.sent([(1, 500)])
        #expect(throws: OrderRefusal.amount(1, wanted: "0 are owed back")) { try story.does(refund("r1", 1, [], .surplus)) }
        #expect(throws: OrderRefusal.unknown("payment wx/t7")) { try story.does(refund("r1", 1, [], .surplus, to: "t7")) }
        for amount in [0, -1] as [Int64] { #expect(throws: OrderRefusal.self) { try story.does(refund("r1", amount, [], .surplus)) } }
    }

    @Test func `a refund its gateway refused stays owed, and is tried again under the same number`() throws {
        var story = try Story.bought([(1, 500)])
        try story.does(Story.cancelled(by: .buyer))
        try story.does(refund("r1", 500, [], .cancelled))
        try story.does(.refundRefused(Cart.id("r1"), attempt: 1, reason: "balance too low"))
        #expect(story.state.refund(Cart.id("r1"))?.refusals == ["balance too low"])
        #expect(story.money.owedBack == 0 && story.money.refunded == 0, "it is promised, so nobody promises it again")
        #expect(throws: OrderRefusal.outOfTurn(next: 2)) {
            try story.does(.refundRefused(Cart.id("r1"), attempt: 1, reason: "balance too low"))
        }
        try story.does(.refundSettled(Cart.id("r1")))
        #expect(story.money.refunded == 500)
    }

    @Test func `parts given back one after another come to what was paid, to the cent`() throws {
        var story = Story()
        let line = PricedLine(sku: Cart.id("s1"), quantity: 3, unit: 334, reduction: 2, freight: 100)
        try story.does(.placed(Story.order([line])))
        try story.does(Story.paid(1_100))
        try story.does(Story.parcel("k1", [(1, 3)]))
        for round in 1...3 {
            let worth = try #require(story.state.line(1)).worth(of: 1, withFreight: true)
            try story.does(Story.asked("c\(round)", .returnAndRefund, [LineShare(line: 1, pieces: 1, amount: worth)]))
            try story.does(Story.answered("c\(round)", 1, .seller, .agree))
            try story.does(.afterSale(Cart.id("c\(round)"), .taken([ReturnedGoods(line: 1, pieces: 1, disposition: .damaged)], .main)))
            for refund in RefundPlan.refunds(for: Cart.id("c\(round)"), of: story.state) {
                try story.does(.refundOpened(refund))
                try story.does(.refundSettled(refund.number))
            }
        }
        #expect(story.state.refunds.map(\.refund.amount.amount) == [366, 366, 368])
        #expect(story.state.phase == .closed && story.money.refunded == 1_100)
    }

    @Test func `a number of pieces nobody can mean is worth no more than what is left`() throws {
        let line = try #require(try Story.sent([(3, 100)]).state.line(1))
        for (pieces, worth) in [(-1, 0), (0, 0), (3, 300), (4, 300), (.max, 300), (.min, 0)] as [(Int64, Int64)] {
            #expect(line.worth(of: pieces, withFreight: true) == worth)
        }
    }

    @Test func `one case over two payments goes back to each no more than it brought`() throws {
        var story = Story()
        try story.does(.placed(Story.order([(2, 500)])))
        try story.does(Story.paid(300, "t1"))
        try story.does(Story.paid(700, "t2"))
        try story.does(Story.parcel("k1", [(1, 2)]))
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 2, amount: 1_000)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        let refunds = RefundPlan.refunds(for: Cart.id("c"), of: story.state)
        #expect(refunds.map(\.amount.amount) == [300, 700] && refunds.map(\.payment.transaction) == ["t1", "t2"])
        #expect(refunds.flatMap(\.lines) == [LineShare(line: 1, pieces: 2, amount: 300), LineShare(line: 1, pieces: 0, amount: 700)])
        for refund in refunds {
            try story.does(.refundOpened(refund))
            try story.does(.refundSettled(refund.number))
        }
        #expect(story.state.phase == .closed)
    }

    @Test func `coupons and points come back when an order is cancelled, points of a line with the line`() throws {
        let lines = [
            PricedLine(sku: Cart.id("s1"), quantity: 3, unit: 500, reduction: 100, points: 100),
            PricedLine(sku: Cart.id("s2"), quantity: 1, unit: 500, reduction: 30, points: 30),
        ]
        var story = Story()
        try story.does(.placed(Story.order(lines, coupons: ["c1"])))
        #expect(story.state.entitlements == OrderEntitlements.of(["c1": .held], held: 130))
        var cancelled = story
        try cancelled.does(Story.cancelled(by: .timeout))
        #expect(cancelled.state.entitlements == OrderEntitlements.of(["c1": .returned], returned: 130))
        try story.does(Story.paid(story.money.total))
        #expect(story.state.entitlements == OrderEntitlements.of(["c1": .claimed], claimed: 130))
        try story.does(Story.parcel("k1", [(1, 3), (2, 1)]))
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 2, amount: 933)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        for refund in RefundPlan.refunds(for: Cart.id("c"), of: story.state) { try story.does(.refundOpened(refund)) }
        #expect(story.state.entitlements == OrderEntitlements.of(["c1": .claimed], claimed: 64, returned: 66))
    }

    @Test func `pieces paid with points alone come back without any money`() throws {
        var story = Story()
        let line = PricedLine(sku: Cart.id("s1"), quantity: 2, unit: 100, reduction: 200, points: 200)
        try story.does(.placed(Story.order([line])))
        try story.does(Story.parcel("k1", [(1, 2)]))
        try story.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 2, amount: 0)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        try story.does(.afterSale(Cart.id("c"), .taken([ReturnedGoods(line: 1, pieces: 2, disposition: .sellable)], .main)))
        #expect(story.state.phase == .closed && story.state.entitlements.pointsReturned == 200)
    }
}

extension OrderEntitlements {
    fileprivate static func of(_ coupons: [String: EntitlementState], held: Int64 = 0, claimed: Int64 = 0, returned: Int64 = 0) -> OrderEntitlements {
        OrderEntitlements(coupons: coupons, pointsHeld: held, pointsClaimed: claimed, pointsReturned: returned)
    }
}
