import Commerce
import Testing

@Suite struct OrderTimerTests {
    private typealias Story = OrderStory
    private let patience = OrderPatience()

    private func due(_ story: OrderStory) -> [OrderTimer.Kind: Timestamp] {
        Dictionary(uniqueKeysWithValues: story.state.timers(patience).map { ($0.kind, $0.due) })
    }

    private func fire(_ kind: OrderTimer.Kind, _ story: OrderStory, case id: EntityID? = nil, after: Duration = .seconds(90 * 86_400)) -> TimerEffect {
        story.state.effect(of: OrderTimer(kind, afterSale: id, due: Cart.noon), now: Cart.noon + after, patience)
    }

    @Test func `an unpaid order times out, but not while a payment is in doubt`() throws {
        var story = Story()
        try story.does(.placed(Story.order([(1, 500)])))
        #expect(due(story) == [.paymentDue: Cart.noon + .seconds(1_800)])
        #expect(fire(.paymentDue, story, after: .seconds(1_799)) == .later(Cart.noon + .seconds(1_800)))
        try story.does(Story.opened("a1", 500))
        let attempt = PaymentAttempt(id: Cart.id("a1"), gateway: "wx", amount: Story.yuan(500))
        #expect(fire(.paymentDue, story) == .close([attempt]))
        try story.does(.paymentClosed(Cart.id("a1")))
        guard case .write(let fact) = fire(.paymentDue, story) else { Issue.record("it does not time out"); return }
        try story.does(fact)
        #expect(story.state.phase == .cancelled && story.state.timers(patience).isEmpty)
        #expect(fire(.paymentDue, story) == .nothing)
    }

    @Test func `a timer that fires after the money came does nothing`() throws {
        var story = try Story.bought([(1, 500)])
        #expect(fire(.paymentDue, story) == .nothing)
        try story.does(Story.parcel("k1", [(1, 1)]))
        #expect(fire(.autoComplete, story) == .nothing)
    }

    @Test func `goods are taken for received a while after they came, and not while a case is open`() throws {
        var story = try Story.sent([(1, 500)])
        story.waits(.seconds(86_400))
        let delivered = story.now
        try story.does(.delivered(parcel: Cart.id("k1")))
        #expect(due(story) == [.autoReceive: delivered + patience.receive])
        var disputed = story
        try disputed.does(Story.asked("c", .refundOnly, [LineShare(line: 1, pieces: 1, amount: 500)]))
        #expect(due(disputed)[.autoReceive] == nil)
        guard case .write(let fact) = fire(.autoReceive, story) else { Issue.record("it is not received"); return }
        try story.does(fact)
        #expect(Set(due(story).keys) == [.autoComplete, .reviewReminder])
        #expect(fire(.reviewReminder, story) == .remind)
        #expect(fire(.autoComplete, story) == .write(.completed))
    }

    @Test func `a seller's silence is agreement, a buyer's refusal`() throws {
        var story = try Story.sent([(1, 500)])
        try story.does(Story.asked("c", .returnAndRefund, [LineShare(line: 1, pieces: 1, amount: 500)]))
        guard case .write(let agreement) = fire(.answerDue, story, case: Cart.id("c")) else { Issue.record("nobody answers"); return }
        try story.does(agreement)
        #expect(story.state.afterSale(Cart.id("c"))?.phase == .agreed)
        guard case .write(let refusal) = fire(.returnDue, story, case: Cart.id("c")) else { Issue.record("it waits for ever"); return }
        try story.does(refusal)
        #expect(story.state.afterSale(Cart.id("c"))?.phase == .declined)
    }

    @Test func `whatever waits for somebody to do something has a timer, and firing is always allowed`() {
        for seed in Lives.seeds(150) {
            var order = RandomOrder(seed: seed)
            order.live(50) { _, _, state in
                let timers = state.timers(patience)
                let kinds = Set(timers.map(\.kind))
                let isOpen = state.afterSales.contains(where: \.isOpen)
                if state.phase == .awaitingPayment { #expect(kinds.contains(.paymentDue), "seed \(seed)") }
                if state.phase == .shipped, !isOpen { #expect(kinds.contains(.autoReceive), "seed \(seed)") }
                if state.phase == .received, !isOpen { #expect(kinds.contains(.autoComplete), "seed \(seed)") }
                if state.phase == .paid || state.phase == .partlyShipped { #expect(kinds.contains(.attention), "seed \(seed)") }
                for afterSale in state.afterSales where afterSale.isOpen {
                    #expect(timers.contains { $0.afterSale == afterSale.id }, "seed \(seed)")
                }
                #expect(Set(timers.map { "\($0.kind) \($0.afterSale?.text ?? "")" }).count == timers.count, "seed \(seed)")
                for timer in timers {
                    guard case .write(let fact) = state.effect(of: timer, now: timer.due, patience) else { continue }
                    #expect(throws: Never.self, "seed \(seed), \(timer.kind)") { try state.admit(fact) }
                }
            }
        }
    }
}
