import Commerce
import Testing

/// Money that goes back by nobody's order here.
@Suite struct OutsideMoneyTests {
    private func elsewhere(_ amount: Int64, _ reference: String = "re_1", of transaction: String = "t1") -> OrderFact {
        .refundedElsewhere(
            OutsideRefund(
                payment: PaymentRef(gateway: OrderStory.shop, transaction: transaction), reference: reference,
                amount: OrderStory.yuan(amount)))
    }

    @Test func `it lowers what the order may keep and is not asked of the buyer again`() throws {
        var story = try OrderStory.bought([(2, 100)])
        story.told(elsewhere(50))
        #expect(story.money.missing == 0 && story.money.owedBack == 0 && story.money.refunded == 50)
        #expect(story.state.phase == .paid)
    }

    @Test func `surplus that somebody gave back by hand is surplus no longer`() throws {
        var story = try OrderStory.bought([(1, 100)])
        story.told(OrderStory.paid(100, "t2"))
        #expect(story.money.owedBack == 100)
        story.told(elsewhere(100, of: "t2"))
        #expect(story.money.owedBack == 0)
        try story.settles()
        #expect(story.state.refunds.isEmpty)
    }

    @Test func `a part of the surplus leaves the rest of it owed`() throws {
        var story = try OrderStory.bought([(1, 100)])
        story.told(OrderStory.paid(100, "t2"))
        story.told(elsewhere(40, of: "t2"))
        try story.settles()
        #expect(story.state.refunds.map(\.refund.amount.amount) == [60])
        #expect(story.money.captured - story.money.refunded == 100)
    }

    @Test func `a cancelled order gives back only what is left of its payment`() throws {
        var story = try OrderStory.bought([(1, 100)])
        story.told(elsewhere(30))
        try story.does(OrderStory.cancelled(by: .operator))
        try story.settles()
        #expect(story.money.refunded == 100 && story.money.owedBack == 0)
    }

    @Test func `what is refunded by hand on top of what is promised here is not asked of the buyer`() throws {
        var story = try OrderStory.bought([(1, 100)])
        let share = LineShare(line: 1, pieces: 0, amount: 30)
        let goodwill = try #require(RefundPlan.goodwill(share, of: story.state).first)
        try story.does(.refundOpened(goodwill))
        story.told(elsewhere(100))
        #expect(story.money.missing == 0 && story.money.owedBack == 0)
        #expect(
            story.state.problems.contains(
                .refundedTooMuch(payment: goodwill.payment, opened: 130, captured: 100)))
    }

    @Test func `another money than the payment's changes no sum`() throws {
        var story = try OrderStory.bought([(1, 100)])
        let before = story.money
        let yen = Money(amount: 60, currency: try #require(Currency("JPY")))
        story.told(
            .refundedElsewhere(
                OutsideRefund(payment: PaymentRef(gateway: OrderStory.shop, transaction: "t1"), reference: "re_1", amount: yen)))
        #expect(story.money == before && story.state.phase == .paid)
    }

    @Test func `facts of both kinds are read as they were written`() throws {
        let dispute = OrderFact.disputed(
            OrderDispute(
                id: "dp_1", payment: PaymentRef(gateway: OrderStory.shop, transaction: "t1"), amount: OrderStory.yuan(5), stage: .lost,
                reason: "没有收到"))
        for fact in [elsewhere(7), dispute] { #expect(try OrderFact(kind: fact.kind, body: fact.body) == fact) }
    }

    @Test func `the terms of an attempt are kept with it, and one without any is written as before`() throws {
        var terms = PaymentTerms()
        (terms.way, terms.payer, terms.expires) = ("jsapi", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", Timestamp(milliseconds: 1_800_000_000_000))
        let attempt = PaymentAttempt(id: Cart.id("a1"), gateway: "wx", amount: OrderStory.yuan(5), terms: terms)
        let fact = OrderFact.paymentOpened(attempt)
        #expect(try OrderFact(kind: .paymentOpened, body: fact.body) == fact)
        #expect(OrderStory.opened("a1", 5).body["terms"] == nil)
    }
}
