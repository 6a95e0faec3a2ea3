import Commerce

/// What happened to one order, told step by step; each step a second after the last.
struct OrderStory {
    private(set) var facts: [RecordedFact] = []
    private(set) var now = Cart.noon

    var state: OrderState { OrderFold.state(of: facts) }
    var money: OrderMoney {
        guard let money = state.money else { preconditionFailure("the order was not placed") }
        return money
    }

    /// Something that may be done now, and is.
    mutating func does(_ fact: OrderFact, by author: String = "test") throws {
        try state.admit(fact)
        told(fact, by: author)
    }

    /// Something that is so, whatever we think of it.
    mutating func told(_ fact: OrderFact, by author: String = "test") {
        facts.append(RecordedFact(fact, at: now, by: author))
        now = now + .seconds(1)
    }

    mutating func waits(_ duration: Duration) { now = now + duration }

    /// Does what a policy wants, until it wants nothing more; refunds are settled at once.
    mutating func settles(_ policy: PaymentPolicy = PaymentPolicy(), canHoldAgain: Bool = true) throws {
        for _ in 0..<10 {
            let steps = policy.verdict(on: state, canHoldAgain: { canHoldAgain })
            if steps.isEmpty { return }
            for step in steps {
                switch step {
                case .reinstate(let cancellation): try does(.reinstated(cancellation: cancellation))
                case .refund(let refund):
                    try does(.refundOpened(refund))
                    try does(.refundSettled(refund.number))
                case .askForRest: return
                }
            }
        }
        preconditionFailure("a policy wants something for ever")
    }

    static let shop = "wx"
    static func yuan(_ amount: Int64) -> Money { Money(amount: amount, currency: Cart.yuan) }

    /// Lines by their pieces and the price of one.
    static func order(_ lines: [(pieces: Int64, unit: Int64)], pickUp: PickUp? = nil, coupons: [String] = []) -> PlacedOrder {
        order(
            lines.enumerated().map { index, line in
                PricedLine(sku: Cart.id("s\(index + 1)"), quantity: line.pieces, unit: line.unit)
            }, pickUp: pickUp, coupons: coupons)
    }

    static func order(_ lines: [PricedLine], pickUp: PickUp? = nil, coupons: [String] = [], unsent: Set<Int> = []) -> PlacedOrder {
        guard let web = ChannelID("web") else { preconditionFailure("web is a channel's id") }
        return PlacedOrder(
            number: "H20270115-1", channel: web, buyer: Buyer(name: "李雷", phone: "13800001234", region: Region(["CN", "31"]), address: "1 Road"),
            currency: Cart.yuan,
            lines: lines.enumerated().map { index, line in
                OrderLine(number: index + 1, title: "Thing \(index + 1)", priced: line, isSent: !unsent.contains(index + 1))
            }, coupons: coupons, pickUp: pickUp, paymentDue: Cart.noon + .seconds(1_800))
    }

    static func paid(_ amount: Int64, _ transaction: String = "t1", attempt: String? = nil) -> OrderFact {
        .paid(
            Payment(ref: PaymentRef(gateway: shop, transaction: transaction), attempt: attempt.map(Cart.id), amount: yuan(amount)))
    }

    static func opened(_ attempt: String, _ amount: Int64) -> OrderFact {
        .paymentOpened(PaymentAttempt(id: Cart.id(attempt), gateway: shop, amount: yuan(amount)))
    }

    static func parcel(_ id: String, _ lines: [(line: Int, pieces: Int64)]) -> OrderFact {
        .shipped(
            Parcel(
                id: Cart.id(id), carrier: "SF", tracking: "SF\(id)", warehouse: .main,
                lines: lines.map { LinePieces(line: $0.line, pieces: $0.pieces) }))
    }

    static func cancelled(by author: Cancellation.Author, _ number: Int = 1) -> OrderFact {
        .cancelled(Cancellation(number: number, by: author, reason: "not wanted"))
    }

    static func asked(_ id: String, _ kind: AfterSaleKind, _ lines: [LineShare]) -> OrderFact {
        .afterSale(Cart.id(id), .asked(AfterSaleClaim(kind: kind, lines: lines, reason: "broken", evidence: ["img/1"])))
    }

    static func answered(_ id: String, _ number: Int, _ side: AfterSaleAnswer.Side, _ word: AfterSaleAnswer.Word) -> OrderFact {
        .afterSale(Cart.id(id), .answered(number, AfterSaleAnswer(by: side, word)))
    }

    /// Placed and paid.
    static func bought(_ lines: [(pieces: Int64, unit: Int64)]) throws -> OrderStory {
        var story = OrderStory()
        try story.does(.placed(order(lines)))
        try story.does(paid(story.money.total))
        return story
    }

    /// Placed, paid, and all sent in one parcel.
    static func sent(_ lines: [(pieces: Int64, unit: Int64)]) throws -> OrderStory {
        var story = try bought(lines)
        try story.does(parcel("k1", lines.enumerated().map { ($0.offset + 1, $0.element.pieces) }))
        return story
    }
}
