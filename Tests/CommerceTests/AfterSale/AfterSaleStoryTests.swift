import Commerce
import Testing

@Suite struct AfterSaleStoryTests {
    private typealias Story = OrderStory
    private let id = Cart.id("c")

    private func phase(_ story: OrderStory) -> AfterSalePhase? { story.state.afterSale(id)?.phase }

    private func pay(_ story: inout OrderStory) throws {
        for refund in RefundPlan.refunds(for: id, of: story.state) {
            try story.does(.refundOpened(refund))
            try story.does(.refundSettled(refund.number))
        }
    }

    @Test func `money alone goes back, and the refund sets no stock free`() throws {
        var story = try Story.sent([(2, 500)])
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 0, amount: 1)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        try pay(&story)
        let line = try #require(story.state.line(1))
        #expect(phase(story) == .settled && line.refunded == 1)
        #expect(line.calledOff == 0 && line.returned.isEmpty, "one yuan for a scratch restocks nothing")
    }

    @Test func `goods come back before money does, and what becomes of them is whoever's who looked at them`() throws {
        var story = try Story.sent([(3, 500)])
        try story.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 3, amount: 1_500)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        #expect(RefundPlan.refunds(for: id, of: story.state).isEmpty, "nothing is owed yet")
        try story.does(.afterSale(id, .sent(carrier: "ZTO", tracking: "1")))
        let goods = [ReturnedGoods(line: 1, pieces: 2, disposition: .sellable), ReturnedGoods(line: 1, pieces: 1, disposition: .damaged)]
        try story.does(.afterSale(id, .taken(goods, .main)))
        #expect(throws: OrderRefusal.self) { try story.does(.afterSale(id, .taken(goods, .main))) }
        try pay(&story)
        #expect(phase(story) == .settled && story.state.phase == .closed && story.state.line(1)?.returned == goods)
    }

    @Test func `no more comes back than was agreed`() throws {
        var story = try Story.sent([(3, 500)])
        try story.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 1, amount: 500)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        for (line, pieces) in [(1, 2), (2, 1), (1, 0), (1, -1)] as [(Int, Int64)] {
            #expect(throws: OrderRefusal.self) {
                try story.does(.afterSale(id, .taken([ReturnedGoods(line: line, pieces: pieces, disposition: .sellable)], .main)))
            }
        }
    }

    @Test func `goods that came back worn are worth less, if the buyer agrees`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 1, amount: 500)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        try story.does(.afterSale(id, .taken([ReturnedGoods(line: 1, pieces: 1, disposition: .damaged)], .main)))
        try story.does(Story.answered("c", 2, .seller, .offer([LineShare(line: 1, pieces: 1, amount: 300)])))
        #expect(phase(story) == .offered && RefundPlan.refunds(for: id, of: story.state).isEmpty)
        try story.does(Story.answered("c", 3, .buyer, .agree))
        try pay(&story)
        #expect(phase(story) == .settled && story.money.refunded == 300)
        #expect(story.state.phase == .shipped, "not all of it went back")
    }

    @Test func `an exchange takes goods back, sends others, and moves no money`() throws {
        var story = try Story.sent([(1, 500)])
        #expect(throws: OrderRefusal.self) { try story.does(Story.asked("c", .exchange, [LineShare(line: 1, pieces: 1, amount: 5)])) }
        try story.does(Story.asked("c", .exchange, [LineShare(line: 1, pieces: 1, amount: 0)]))
        try story.does(Story.answered("c", 1, .seller, .agree))
        #expect(throws: OrderRefusal.self) { try story.does(.afterSale(id, .reshipped(carrier: "SF", tracking: "2"))) }
        try story.does(.afterSale(id, .taken([ReturnedGoods(line: 1, pieces: 1, disposition: .supplier)], .main)))
        try story.does(.afterSale(id, .reshipped(carrier: "SF", tracking: "2")))
        #expect(phase(story) == .settled && story.money.opened == 0)
    }

    @Test func `a missing piece is sent again and nothing comes back`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(Story.asked("c", .resend, [LineShare(line: 1, pieces: 1, amount: 0)]))
        try story.does(Story.answered("c", 1, .timer, .agree))
        try story.does(.afterSale(id, .reshipped(carrier: "SF", tracking: "2")))
        #expect(phase(story) == .settled)
    }

    @Test func `a piece and its money can be in one case only`() throws {
        var story = try Story.sent([(2, 500)])
        try story.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 2, amount: 600)]))
        #expect(throws: OrderRefusal.pieces(line: 1, wanted: 1, there: 0)) {
            try story.does(Story.asked("d", .exchange, [LineShare(line: 1, pieces: 1, amount: 0)]))
        }
        #expect(throws: OrderRefusal.lineBound(line: 1, wanted: 401, left: 400)) {
            try story.does(Story.asked("d", .refundOnly, [LineShare(line: 1, pieces: 0, amount: 401)]))
        }
        try story.does(.afterSale(id, .withdrawn))
        try story.does(Story.asked("d", .refundOnly, [LineShare(line: 1, pieces: 2, amount: 1_000)]))
    }

    @Test func `what is called off before it is sent does not leave, and only then is its stock free`() throws {
        var story = try Story.bought([(3, 500)])
        try story.does(Story.asked("c", .callOff, [LineShare(line: 1, pieces: 2, amount: 1_000)]))
        #expect(throws: OrderRefusal.pieces(line: 1, wanted: 2, there: 1)) { try story.does(Story.parcel("k", [(1, 2)])) }
        try story.does(Story.parcel("k", [(1, 1)]))
        #expect(story.state.phase == .partlyShipped)
        try story.does(Story.answered("c", 1, .seller, .agree))
        #expect(story.state.phase == .shipped && story.state.line(1)?.calledOff == 2)
        try pay(&story)
        #expect(phase(story) == .settled && story.money.refunded == 1_000)
    }

    @Test func `what was sent cannot be called off, and what was not sent cannot come back`() throws {
        var sent = try Story.sent([(1, 500)])
        #expect(throws: OrderRefusal.self) { try sent.does(Story.asked("c", .callOff, [LineShare(line: 1, pieces: 1, amount: 500)])) }
        var bought = try Story.bought([(1, 500)])
        #expect(throws: OrderRefusal.self) { try bought.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 1, amount: 500)])) }
    }

    @Test func `each side answers in turn, and an answer that came too late is said so`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 1, amount: 500)]))
        #expect(throws: OrderRefusal.self) { try story.does(Story.answered("c", 1, .buyer, .agree)) }
        try story.does(Story.answered("c", 1, .seller, .offer([LineShare(line: 1, pieces: 0, amount: 200)])))
        #expect(throws: OrderRefusal.outOfTurn(next: 2)) { try story.does(Story.answered("c", 1, .buyer, .agree)) }
        try story.does(Story.answered("c", 2, .buyer, .offer([LineShare(line: 1, pieces: 0, amount: 250)])))
        #expect(throws: OrderRefusal.self) { try story.does(Story.answered("c", 3, .buyer, .agree)) }
        try story.does(Story.answered("c", 3, .seller, .agree))
        try pay(&story)
        #expect(story.money.refunded == 250)
    }

    @Test func `of two answers the later in number stands, whatever the clocks of those who gave them say`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 1, amount: 500)]))
        try story.does(Story.answered("c", 1, .seller, .decline(reason: "worn")))
        story.waits(.seconds(-3_600))
        try story.does(Story.answered("c", 2, .seller, .agree))
        #expect(phase(story) == .refunding)
    }

    @Test func `an arbiter decides about a complaint, and nobody answers after him`() throws {
        for forBuyer in [true, false] {
            var story = try Story.sent([(1, 500)])
            try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 1, amount: 500)]))
            try story.does(Story.answered("c", 1, .seller, .decline(reason: "worn")))
            #expect(throws: OrderRefusal.self) { try story.does(.afterSale(id, .arbitrated(.forSeller(reason: "")))) }
            try story.does(.afterSale(id, .complained(reason: "it is not")))
            try story.does(.afterSale(id, .arbitrated(forBuyer ? .forBuyer([LineShare(line: 1, pieces: 0, amount: 400)]) : .forSeller(reason: "it is"))))
            #expect(throws: OrderRefusal.self) { try story.does(Story.answered("c", 2, .seller, .agree)) }
            try pay(&story)
            #expect(phase(story) == (forBuyer ? .settled : .dismissed) && story.money.refunded == (forBuyer ? 400 : 0))
        }
    }

    @Test func `an order with an open case is neither completed nor cancelled behind it`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(.received(by: .buyer))
        try story.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 1, amount: 500)]))
        #expect(throws: OrderRefusal.afterSaleOpen(id)) { try story.does(.completed) }
        var bought = try Story.bought([(1, 500)])
        try bought.does(Story.asked("c", .callOff, [LineShare(line: 1, pieces: 1, amount: 500)]))
        #expect(throws: OrderRefusal.afterSaleOpen(id)) { try bought.does(Story.cancelled(by: .buyer)) }
    }
}
