import Commerce
import Testing

@Suite struct MoneyLawsTests {
    @Test func `whatever happens, no more goes back than came in, for any line, payment or order`() {
        for seed in Lives.seeds(400) {
            var order = RandomOrder(seed: seed)
            order.live(60) { _, _, state in
                guard let money = state.money else { return }
                #expect(money.refunded <= money.opened && money.opened <= money.captured, "seed \(seed)")
                #expect(money.captured - money.opened == money.due - money.missing + money.owedBack, "seed \(seed)")
                for payment in state.payments {
                    #expect(payment.refunded <= payment.opened && payment.opened <= payment.payment.amount.amount, "seed \(seed)")
                }
                for line in state.lines {
                    #expect(line.refunded <= line.opened && line.opened <= line.line.payable, "seed \(seed)")
                    #expect(line.openedPieces <= line.line.quantity, "seed \(seed)")
                    #expect(line.shipped + line.calledOff <= line.line.quantity, "seed \(seed)")
                }
                let points = state.lines.reduce(0) { $0 + $1.line.priced.points }
                let entitlements = state.entitlements
                #expect(entitlements.pointsHeld + entitlements.pointsClaimed + entitlements.pointsReturned == points, "seed \(seed)")
            }
        }
    }

    @Test func `money sent back elsewhere is no debt of the buyer's, and never makes us promise more than is left`() {
        for seed in Lives.seeds(400) {
            var order = RandomOrder(seed: seed, hearsOutside: true)
            order.live(60) { before, fact, state in
                guard let money = state.money else { return }
                #expect(max(0, money.captured - money.opened) == money.due - money.missing + money.owedBack, "seed \(seed)")
                switch fact {
                case .refundedElsewhere, .disputed:
                    if let held = before.money { #expect(money.missing <= held.missing, "seed \(seed)") }
                case .refundOpened(let refund):
                    for payment in before.payments where payment.payment.ref == refund.payment {
                        #expect(refund.amount.amount <= payment.left, "seed \(seed)")
                    }
                default: break
                }
                for payment in state.payments where payment.opened > payment.payment.amount.amount {
                    let problem = OrderProblem.refundedTooMuch(
                        payment: payment.payment.ref, opened: payment.opened, captured: payment.payment.amount.amount)
                    #expect(state.problems.contains(problem), "seed \(seed)")
                }
            }
        }
    }

    @Test func `whatever happened, the policy leaves no money lying and does only what may be done`() throws {
        for seed in Lives.seeds(120) {
            for late in PaymentPolicy.Late.allCases {
                for short in PaymentPolicy.Short.allCases {
                    var policy = PaymentPolicy()
                    policy.late = late
                    policy.short = short
                    var order = RandomOrder(seed: seed)
                    order.live(30)
                    var story = order.story
                    let wasCancelled = story.state.cancellations.contains { !$0.isReinstated && $0.cancellation.author != .timeout }
                    try story.settles(policy, canHoldAgain: seed % 2 == 0)
                    #expect(story.state.money?.owedBack ?? 0 == 0, "seed \(seed)")
                    #expect(!wasCancelled || story.state.phase == .cancelled, "seed \(seed)")
                }
            }
        }
    }

    @Test func `an order all of whose lines are given back is closed, and kept nothing`() throws {
        for seed in Lives.seeds(150) {
            var order = RandomOrder(seed: seed)
            let placed = order.order()
            guard placed.total > 0, placed.pickUp == nil, placed.lines.allSatisfy(\.isSent) else { continue }
            var story = OrderStory()
            try story.does(.placed(placed))
            try story.does(OrderStory.paid(placed.total))
            try story.does(OrderStory.parcel("k", placed.lines.map { ($0.number, $0.quantity) }))
            var round = 0
            // Lines that cost nothing need not come back for an order to be closed.
            while story.state.phase != .closed {
                let line = try #require(story.state.lines.first { $0.openedPieces < $0.line.quantity && $0.line.payable > 0 })
                round += 1
                let pieces = 1 + order.below(line.line.quantity - line.openedPieces)
                let share = LineShare(line: line.line.number, pieces: pieces, amount: line.worth(of: pieces, withFreight: true))
                try story.does(OrderStory.asked("c\(round)", .refundOnly, [share]))
                try story.does(OrderStory.answered("c\(round)", 1, .seller, .agree))
                for refund in RefundPlan.refunds(for: Cart.id("c\(round)"), of: story.state) {
                    try story.does(.refundOpened(refund))
                    try story.does(.refundSettled(refund.number))
                }
            }
            #expect(story.state.phase == .closed && story.money.refunded == placed.total, "seed \(seed)")
        }
    }
}
