import Commerce
import Simulation

/// What may happen to an order, by seed: with everybody keeping to the rules, or with nobody.
struct RandomOrder {
    private let random: SeededRandom
    /// Whether gateways tell of money that nobody here sent back.
    private let hearsOutside: Bool
    private(set) var story = OrderStory()
    /// The story's state, folded once for each fact.
    private(set) var state = OrderStory().state
    private var transactions = 0

    init(seed: UInt64, hearsOutside: Bool = false) {
        random = SeededRandom(seed: seed)
        self.hearsOutside = hearsOutside
    }

    mutating func below(_ bound: Int64) -> Int64 { Int64(random.next() % UInt64(bound)) }
    mutating func chance(_ oneIn: Int64) -> Bool { below(oneIn) == 0 }

    mutating func order() -> PlacedOrder {
        let isGift = chance(12)
        let lines = (0...below(3)).map { index in
            let quantity = 1 + below(4)
            let unit = isGift || chance(6) ? 0 : 1 + below(999)
            let gross = unit * quantity
            let reduction = chance(3) ? below(gross + 1) : 0
            return PricedLine(
                sku: Cart.id("s\(index)"), quantity: quantity, unit: unit, reduction: reduction, points: chance(3) ? reduction : 0,
                freight: !isGift && chance(2) ? below(200) : 0)
        }
        let pickUp = chance(6) ? PickUp(place: .main, code: "4711") : nil
        return OrderStory.order(lines, pickUp: pickUp, unsent: chance(6) ? [1] : [])
    }

    /// One more thing that somebody wants to happen; it may be against every rule.
    mutating func wish() -> OrderFact {
        if hearsOutside, chance(8) { return outside() }
        if let likely = nextOfAll() { return likely }
        switch below(20) {
        case 0: return .placed(order())
        case 1: return OrderStory.opened("a\(below(4))", chance(3) ? below(500) : state.money?.missing ?? 1)
        case 2: return .paymentClosed(Cart.id("a\(below(4))"))
        case 3, 4:
            transactions += chance(4) ? 0 : 1
            let amount = chance(4) ? 1 + below(900) : max(1, state.money?.missing ?? 1)
            let attempt = chance(2) ? "a\(below(4))" : nil
            return OrderStory.paid(amount, "t\(transactions)", attempt: attempt)
        case 5:
            let author = Cancellation.Author.allCases[Int(below(4))]
            return OrderStory.cancelled(by: author, chance(4) ? 1 + Int(below(2)) : state.cancellations.count + 1)
        case 6: return .reinstated(cancellation: max(1, state.cancellations.count))
        case 7, 8, 9: return parcel(state)
        case 10: return .delivered(parcel: Cart.id("k\(below(4))"))
        case 11: return chance(3) ? .pickedUp : .received(by: chance(2) ? .buyer : .timer)
        case 12: return chance(2) ? .completed : .remarked(Cart.id("n\(below(3))"), text: "call first")
        case 13: return refund(state)
        case 14: return state.refunds.isEmpty ? .refundSettled(Cart.id("r1")) : settled(state)
        case 15: return reprice(state)
        default: return afterSale(state)
        }
    }

    /// What usually comes next, so that many orders live long.
    private mutating func nextOfAll() -> OrderFact? {
        guard chance(2) else { return nil }
        switch state.phase {
        case .expected where chance(2): return .placed(order())
        case .awaitingPayment where chance(3) && state.inDoubt.isEmpty:
            transactions += 1
            return OrderStory.paid(max(1, state.money?.missing ?? 1), "t\(transactions)")
        case .received where chance(3): return .completed
        default: break
        }
        if let refund = state.refunds.first(where: { !$0.isSettled }), chance(2) { return .refundSettled(refund.refund.number) }
        for known in state.afterSales where known.isOpen {
            if known.owed > 0, chance(2) { return refund(state) }
            if chance(2) { return afterSale(state) }
        }
        return nil
    }

    private mutating func parcel(_ state: OrderState) -> OrderFact {
        var lines: [(line: Int, pieces: Int64)] = state.lines.compactMap { $0.outstanding > 0 ? ($0.line.number, $0.outstanding) : nil }
        if chance(2) || lines.isEmpty { lines = [(1 + Int(below(3)), 1 + below(3))] }
        return OrderStory.parcel("k\(state.parcels.count)", lines)
    }

    private mutating func refund(_ state: OrderState) -> OrderFact {
        let policy = chance(2) ? PaymentPolicy() : giving
        for step in policy.verdict(on: state, canHoldAgain: { false }) {
            if case .refund(let refund) = step { return .refundOpened(refund) }
        }
        for afterSale in state.afterSales {
            if let refund = RefundPlan.refunds(for: afterSale.id, of: state).first { return .refundOpened(refund) }
        }
        if chance(3), let line = state.lines.first(where: { $0.left > 0 }) {
            let share = LineShare(line: line.line.number, pieces: 0, amount: line.left)
            if let refund = RefundPlan.goodwill(share, of: state).first { return .refundOpened(refund) }
        }
        let amount = 1 + below(300)
        return .refundOpened(
            Refund(
                number: Cart.id("r\(state.refunds.count + 1)"), payment: PaymentRef(gateway: OrderStory.shop, transaction: "t\(1 + below(3))"),
                amount: OrderStory.yuan(amount), lines: [LineShare(line: 1 + Int(below(3)), pieces: below(2), amount: amount)],
                reason: chance(2) ? .goodwill : .surplus))
    }

    private mutating func outside() -> OrderFact {
        let payment = PaymentRef(gateway: OrderStory.shop, transaction: "t\(1 + below(3))")
        let value = 1 + below(chance(4) ? 900 : 60)
        let amount = chance(8) ? Money(amount: value, currency: Currency("JPY")!) : OrderStory.yuan(value)
        guard chance(2) else {
            return .refundedElsewhere(OutsideRefund(payment: payment, reference: "re\(below(3))", amount: amount))
        }
        let stage = OrderDispute.Stage.allCases[Int(below(Int64(OrderDispute.Stage.allCases.count)))]
        return .disputed(OrderDispute(id: "dp\(below(2))", payment: payment, amount: amount, stage: stage, reason: "not received"))
    }

    private var giving: PaymentPolicy {
        var policy = PaymentPolicy()
        policy.short = .refund
        policy.late = .refund
        return policy
    }

    private mutating func settled(_ state: OrderState) -> OrderFact {
        let number = state.refunds[Int(below(Int64(state.refunds.count)))].refund.number
        return chance(4) ? .refundRefused(number, attempt: 1 + Int(below(2)), reason: "busy") : .refundSettled(number)
    }

    private mutating func reprice(_ state: OrderState) -> OrderFact {
        let free = chance(3)
        let lines = state.lines.map {
            PricedLine(sku: $0.line.priced.sku, quantity: $0.line.quantity, unit: free ? 0 : $0.line.priced.unit / 2)
        }
        return .repriced(Repricing(number: state.repricings + 1, lines: lines, reason: "friend"))
    }

    private mutating func shares(_ state: OrderState, _ kind: AfterSaleKind) -> [LineShare] {
        let all = chance(3)
        let lines = state.lines.filter { line in all ? kind != .callOff || line.outstanding > 0 : chance(2) }
        return lines.map { line in
            let most = kind == .callOff ? line.outstanding : line.line.quantity - line.openedPieces
            let pieces = all ? max(0, most) : below(line.line.quantity + 1)
            let worth = line.worth(of: pieces, withFreight: all || chance(2))
            return LineShare(line: line.line.number, pieces: pieces, amount: kind.givesMoneyBack || chance(20) ? worth : 0)
        }
    }

    private mutating func afterSale(_ state: OrderState) -> OrderFact {
        if state.afterSales.isEmpty || chance(8) {
            let kind = AfterSaleKind.allCases[Int(below(Int64(AfterSaleKind.allCases.count)))]
            return OrderStory.asked("as\(state.afterSales.count)", kind, shares(state, kind))
        }
        let known = state.afterSales[Int(below(Int64(state.afterSales.count)))]
        let kind = known.claim?.kind ?? .refundOnly
        let step: AfterSaleFact
        switch below(10) {
        case 0, 1, 2, 3:
            let side = AfterSaleAnswer.Side.allCases[Int(below(3))]
            let word: AfterSaleAnswer.Word = chance(5) ? .decline(reason: "no") : chance(5) ? .offer(shares(state, kind)) : .agree
            step = .answered(known.answers + 1, AfterSaleAnswer(by: side, word))
        case 4: step = .sent(carrier: "ZTO", tracking: "1")
        case 5, 6:
            let goods = known.terms.filter { $0.pieces > 0 }.map {
                ReturnedGoods(line: $0.line, pieces: $0.pieces, disposition: Disposition.allCases[Int(below(4))])
            }
            step = .taken(goods, .main)
        case 7: step = .reshipped(carrier: "SF", tracking: "2")
        case 8: step = chance(3) ? .withdrawn : .complained(reason: "unfair")
        default: step = .arbitrated(chance(2) ? .forBuyer(shares(state, kind)) : .forSeller(reason: "worn"))
        }
        return .afterSale(known.id, step)
    }

    /// As many wishes; what is against a rule does not happen, unless nobody minds rules.
    mutating func live(_ wishes: Int, rules: Bool = true, watch: (OrderState, OrderFact, OrderState) -> Void = { _, _, _ in }) {
        for _ in 0..<wishes {
            let before = state
            let fact = wish()
            if rules {
                do { try before.admit(fact) } catch { continue }
            }
            story.told(fact, by: "w\(below(3))")
            state = story.state
            watch(before, fact, state)
        }
    }

    /// The same facts in another order, some of them several times, a few told later by others.
    mutating func retold() -> [RecordedFact] {
        var facts = story.facts
        for fact in story.facts where chance(3) { facts.append(fact) }
        for index in facts.indices.dropFirst().reversed() { facts.swapAt(index, Int(below(Int64(index + 1)))) }
        return facts
    }
}
