import Commerce
import Testing

/// What public malls lose money by, told again.
@Suite struct PaymentStoryTests {
    private typealias Story = OrderStory

    private func waiting(attempt amount: Int64 = 500) throws -> OrderStory {
        var story = Story()
        try story.does(.placed(Story.order([(1, 500)])))
        try story.does(Story.opened("a1", amount))
        return story
    }

    private func timedOut() throws -> OrderStory {
        var story = try waiting()
        try story.does(.paymentClosed(Cart.id("a1")))
        try story.does(Story.cancelled(by: .timeout))
        return story
    }

    @Test func `a buyer who may be paying right now cannot cancel before the attempt is closed`() throws {
        var story = try waiting()
        for author in [Cancellation.Author.buyer, .operator, .timeout] {
            #expect(throws: OrderRefusal.paymentInDoubt(attempt: Cart.id("a1"))) { try story.does(Story.cancelled(by: author)) }
        }
        try story.does(.paymentClosed(Cart.id("a1")))
        try story.does(Story.cancelled(by: .buyer))
        #expect(story.state.phase == .cancelled)
    }

    @Test func `a buyer cancels with the cashier's page open and pays: the money goes back and the order stays cancelled`() throws {
        var story = try waiting()
        try story.does(.paymentClosed(Cart.id("a1")))
        try story.does(Story.cancelled(by: .buyer))
        try story.does(Story.paid(500, attempt: "a1"))
        #expect(story.state.phase == .cancelled && story.money.owedBack == 500)
        try story.settles(canHoldAgain: true)
        #expect(story.state.phase == .cancelled && story.money.owedBack == 0 && story.money.refunded == 500)
    }

    @Test func `an attempt that was closed and is paid all the same is money`() throws {
        var story = try waiting()
        try story.does(.paymentClosed(Cart.id("a1")))
        try story.does(Story.paid(500, attempt: "a1"))
        #expect(story.state.phase == .paid && story.state.attempts[0].end == .paid)
    }

    @Test func `two gateways both paid: the order is paid once, the second payment goes back whole`() throws {
        var story = try waiting()
        try story.does(Story.paid(500, "t1", attempt: "a1"))
        try story.does(Story.paid(500, "t2"))
        try story.settles()
        #expect(story.state.phase == .paid && story.money.refunded == 500)
        #expect(story.state.refunds.map(\.refund.payment.transaction) == ["t2"])
    }

    @Test func `a second payment is owed back whole even after a line was given back`() throws {
        var story = try Story.sent([(1, 500), (1, 300)])
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 2, pieces: 1, amount: 300)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        let refund = try #require(RefundPlan.refunds(for: Cart.id("c"), of: story.state).first)
        try story.does(.refundOpened(refund))
        try story.does(Story.paid(800, "t2"))
        #expect(story.money.owedBack == 800)
    }

    @Test func `too much is taken for the price and the rest goes back`() throws {
        var story = try waiting()
        try story.does(Story.paid(620, attempt: "a1"))
        #expect(story.state.problems == [.otherAmount(PaymentRef(gateway: "wx", transaction: "t1"), paid: 620, opened: 500)])
        try story.settles()
        #expect(story.state.phase == .paid && story.money.refunded == 120 && story.money.owedBack == 0)
    }

    @Test func `too little does not pay an order: the rest is asked for, and all of it goes back when time is over`() throws {
        var story = try waiting()
        try story.does(Story.paid(200, attempt: "a1"))
        #expect(story.state.phase == .awaitingPayment)
        #expect(PaymentPolicy().verdict(on: story.state, canHoldAgain: { true }) == [.askForRest(Story.yuan(300))])
        try story.does(Story.opened("a2", 300))
        try story.does(.paymentClosed(Cart.id("a2")))
        try story.does(Story.cancelled(by: .timeout))
        try story.settles()
        #expect(story.money.refunded == 200 && story.state.phase == .cancelled)
    }

    @Test func `too little goes back at once where the channel wants it so`() throws {
        var policy = PaymentPolicy()
        policy.short = .refund
        var story = try waiting()
        try story.does(Story.paid(200))
        #expect(policy.verdict(on: story.state, canHoldAgain: { true }).isEmpty, "an attempt under way may bring the rest")
        try story.does(.paymentClosed(Cart.id("a1")))
        try story.settles(policy)
        #expect(story.money.refunded == 200 && story.money.missing == 500)
        try story.does(Story.paid(500, "t9"))
        #expect(story.state.phase == .paid)
    }

    @Test func `money for an order that timed out takes its stock again, or goes back when the stock is gone`() throws {
        for canHold in [true, false] {
            var story = try timedOut()
            try story.does(Story.paid(500, attempt: "a1"))
            try story.settles(canHoldAgain: canHold)
            #expect(story.state.phase == (canHold ? .paid : .cancelled))
            #expect(story.money.refunded == (canHold ? 0 : 500) && story.money.owedBack == 0)
        }
        var policy = PaymentPolicy()
        policy.late = .refund
        var story = try timedOut()
        try story.does(Story.paid(500))
        try story.settles(policy, canHoldAgain: true)
        #expect(story.state.phase == .cancelled && story.money.refunded == 500)
    }

    @Test func `nobody wakes an order that somebody cancelled on purpose, or whose money is on its way back`() throws {
        for author in [Cancellation.Author.buyer, .operator, .channel] {
            var story = Story()
            try story.does(.placed(Story.order([(1, 500)])))
            try story.does(Story.cancelled(by: author))
            try story.does(Story.paid(500))
            #expect(throws: OrderRefusal.notReinstated("the \(author.rawValue) wanted it so")) {
                try story.does(.reinstated(cancellation: 1))
            }
        }
        var story = try timedOut()
        #expect(throws: OrderRefusal.self) { try story.does(.reinstated(cancellation: 1)) }
        try story.does(Story.paid(500))
        let refund = Refund(
            number: Cart.id("r1"), payment: PaymentRef(gateway: "wx", transaction: "t1"), amount: Story.yuan(500), reason: .cancelled)
        try story.does(.refundOpened(refund))
        #expect(throws: OrderRefusal.self) { try story.does(.reinstated(cancellation: 1)) }
    }

    @Test func `cancel meets payment: whichever is heard first, the order ends alike`() {
        let placed = RecordedFact(.placed(Story.order([(1, 500)])), at: Cart.noon, by: "web")
        let cancelled = RecordedFact(Story.cancelled(by: .buyer), at: Cart.noon + .seconds(5), by: "buyer")
        let paid = RecordedFact(Story.paid(500), at: Cart.noon + .seconds(5), by: "wx")
        let one = OrderFold.state(of: [placed, cancelled, paid])
        #expect(one == OrderFold.state(of: [paid, placed, cancelled]))
        #expect(one.phase == .cancelled && one.money?.owedBack == 500)
    }

    @Test func `a paid order that cannot be fulfilled is called off, and all of its money is owed back`() throws {
        var story = try Story.bought([(2, 500)])
        try story.does(Story.cancelled(by: .operator))
        #expect(story.money.owedBack == 1_000)
        try story.settles()
        #expect(story.money.refunded == 1_000)
    }

    @Test func `a price does not change while it may be paid at the old one`() throws {
        var story = try waiting()
        let cheaper = Repricing(number: 1, lines: [PricedLine(sku: Cart.id("s1"), quantity: 1, unit: 400)], reason: "friend")
        #expect(throws: OrderRefusal.paymentInDoubt(attempt: Cart.id("a1"))) { try story.does(.repriced(cheaper)) }
        try story.does(.paymentClosed(Cart.id("a1")))
        try story.does(.repriced(cheaper))
        #expect(throws: OrderRefusal.amount(500, wanted: "400 are to be paid")) { try story.does(Story.opened("a2", 500)) }
        try story.does(Story.opened("a2", 400))
        try story.does(Story.paid(400, attempt: "a2"))
        #expect(story.state.phase == .paid && story.money.owedBack == 0)
        let dearer = Repricing(number: 2, lines: [PricedLine(sku: Cart.id("s1"), quantity: 1, unit: 900)], reason: "late")
        #expect(throws: OrderRefusal.self) { try story.does(.repriced(dearer)) }
    }

    @Test func `only one attempt is open at a time, for exactly what is missing, in the order's currency`() throws {
        var story = try waiting()
        #expect(throws: OrderRefusal.paymentInDoubt(attempt: Cart.id("a1"))) { try story.does(Story.opened("a2", 500)) }
        try story.does(.paymentClosed(Cart.id("a1")))
        for amount in [0, 1, 499, 501] as [Int64] { #expect(throws: OrderRefusal.self) { try story.does(Story.opened("a2", amount)) } }
        let yen = Money(amount: 500, currency: try #require(Currency("JPY")))
        #expect(throws: OrderRefusal.currency(yen, wanted: Cart.yuan)) {
            try story.does(.paymentOpened(PaymentAttempt(id: Cart.id("a2"), gateway: "wx", amount: yen)))
        }
    }

    @Test func `money in another currency pays nothing and is owed back whole`() throws {
        var story = try waiting()
        let yen = Money(amount: 500, currency: try #require(Currency("JPY")))
        try story.does(.paid(Payment(ref: PaymentRef(gateway: "wx", transaction: "t1"), amount: yen)))
        #expect(story.state.phase == .awaitingPayment && story.money.captured == 0)
        #expect(story.state.problems == [.otherCurrency(PaymentRef(gateway: "wx", transaction: "t1"), yen)])
        try story.settles()
        #expect(story.state.refunds.map(\.refund.amount) == [yen] && story.state.refunds.allSatisfy(\.isSettled))
    }

    @Test func `an order that costs nothing waits for no payment`() throws {
        var story = Story()
        try story.does(.placed(Story.order([(1, 0)])))
        #expect(story.state.phase == .paid)
    }
}
