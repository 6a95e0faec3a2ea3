package import ChannelAdapters
package import Commerce
package import Store

/// Sends buyers to pay, and ends what they were sent to before anything else is done with the order.
package struct Cashier: Sendable {
    private let store: Store
    private let known: @Sendable () -> [String: any PaymentGateway]

    /// - Parameter gateways: those there are now, by name; a reload may bring others.
    package init(store: Store, gateways: @escaping @Sendable () -> [String: any PaymentGateway]) {
        self.store = store
        known = gateways
    }

    package init(store: Store, gateways: [any PaymentGateway]) {
        let all = Dictionary(gateways.map { ($0.id, $0) }) { first, _ in first }
        self.init(store: store) { all }
    }

    package var gatewayNames: [String] { known().keys.sorted() }

    private func gateway(_ name: String) -> (any PaymentGateway)? { known()[name] }

    package enum Opening: Sendable {
        /// The attempt is open, and this is what the client needs.
        case open(PaymentAttempt, JSON, StoredOrder)
        /// Nothing is to be paid any more.
        case paid(StoredOrder)
        case refused(OrderRefusal, StoredOrder)
        /// The gateway did not take it, or did not answer: try again, or another one.
        case failed(String, StoredOrder)
        case noGateway(String)
    }

    /// Opens a payment of all that is missing. Asked again it answers the attempt that is open.
    ///
    /// An attempt at another gateway, or of another amount, is closed first: of two that are open both could be paid.
    ///
    /// - Parameter terms: how the buyer means to pay. When they are others than those of the attempt that is open, that one
    ///   is closed and another opened: a gateway takes a number again only under the words it was first told with.
    package func open(
        _ number: String, at name: String, terms: PaymentTerms = PaymentTerms(), by author: String
    ) async throws(StoreError) -> Opening {
        guard let gateway = gateway(name) else { return .noGateway(name) }
        var order = try await store.read { reading throws(StoreError) in try reading.requireOrder(number) }
        let terms = terms.completed(by: order.state)
        if let open = order.state.inDoubt.first, open.gateway == name, open.amount.amount == order.state.money?.missing,
            open.terms.isAsGood(as: terms)
        {
            return try await opening(gateway, open, order, author)
        }
        order = try await end(order.state.inDoubt, of: order, closing: true, by: author)
        if order.state.money?.isPaid == true { return .paid(order) }
        guard order.version < StoredOrder.buyersFactsMax else { return .refused(.tooMuch(facts: order.version), order) }
        let before = order
        let told = try await store.write { writing throws(StoreError) -> (Telling, PaymentAttempt)? in
            let state = try writing.reading.requireOrder(number).state
            guard let money = state.money, let id = EntityID("a\(state.attempts.count + 1)") else { return nil }
            let attempt = PaymentAttempt(
                id: id, gateway: name, amount: Money(amount: money.missing, currency: money.currency), terms: terms)
            return (try writing.tell(.paymentOpened(attempt), of: number, by: author), attempt)
        }
        guard let (telling, attempt) = told else { return .refused(.notPlaced, before) }
        if case .refused(let refusal, let order) = telling { return .refused(refusal, order) }
        return try await opening(gateway, attempt, telling.order, author)
    }

    private func opening(
        _ gateway: any PaymentGateway, _ attempt: PaymentAttempt, _ order: StoredOrder, _ author: String
    ) async throws(StoreError) -> Opening {
        switch await gateway.open(attempt, of: order.number) {
        case .ready(let parameters): return .open(attempt, parameters, order)
        case .unknown(let reason): return .failed(reason, order)
        case .refused(let reason):
            // What cannot be opened now may have been opened before, and somebody may have its page still: only a close says it cannot be paid.
            return .failed(reason, try await end([attempt], of: order, closing: true, by: author))
        }
    }

    /// Calls an order off: what somebody may be paying is closed at its gateway first, and if it was paid that is heard first.
    package func cancel(
        _ number: String, as by: Cancellation.Author, reason: String, by author: String
    ) async throws(StoreError) -> Telling {
        let order = try await store.read { reading throws(StoreError) in try reading.requireOrder(number) }
        if order.state.isCancelled { return .known(order) }
        _ = try await end(order.state.inDoubt, of: order, closing: true, by: author)
        return try await store.write { writing throws(StoreError) in
            let state = try writing.reading.requireOrder(number).state
            let cancellation = Cancellation(number: state.cancellations.count + 1, by: by, reason: reason)
            return try writing.tell(.cancelled(cancellation), of: number, by: author)
        }
    }

    /// Asks after attempts, or has them closed, and tells the order what is known then.
    @discardableResult
    package func end(
        _ attempts: [PaymentAttempt], of order: StoredOrder, closing: Bool, by author: String
    ) async throws(StoreError) -> StoredOrder {
        var latest = order
        for attempt in attempts {
            guard let gateway = gateway(attempt.gateway) else { continue }
            let news = closing ? await gateway.close(attempt, of: order.number) : await gateway.ask(attempt, of: order.number)
            latest = try await hear(news, of: attempt, order: order.number, from: gateway.id) ?? latest
        }
        return latest
    }

    /// Tells an order what a gateway says of an attempt; nil when it says nothing that is known.
    package func hear(
        _ news: AttemptNews, of attempt: PaymentAttempt, order number: String, from gateway: String
    ) async throws(StoreError) -> StoredOrder? {
        switch news {
        case .open, .unknown: nil
        case .closed, .paid:
            try await store.write { writing throws(StoreError) in
                try writing.hear(news, of: attempt.id, order: number, from: gateway)
            }
        }
    }

    /// Sends one refund, or asks after it, under the number it has; written down as unknown before anything leaves.
    package func send(_ tried: RefundTry) async throws(StoreError) {
        let order = try await store.read { reading throws(StoreError) in try reading.requireOrder(tried.order) }
        guard let refund = order.state.refund(tried.refund)?.refund else { return }
        guard let gateway = gateway(refund.payment.gateway) else {
            // Nobody can send it until a gateway of that name is configured again.
            return try await store.write { writing throws(StoreError) in
                try writing.refuseRefund(
                    tried.refund, of: tried.order, told: "no gateway is called \(refund.payment.gateway)", lookAgainAt: nil)
            }
        }
        let again = store.surroundings.time.now() + Cashier.wait(after: tried.tries)
        let isOpen = try await store.write { writing throws(StoreError) in
            try writing.beginRefund(tried.refund, of: tried.order, lookAgainAt: again)
        }
        guard isOpen else { return }
        let news = await gateway.refund(planted(refund, tried), of: tried.order)
        try await store.write { writing throws(StoreError) in
            try writing.hear(news, ofRefund: tried.refund, order: tried.order, from: gateway.id, lookAgainAt: again)
        }
    }

    /// What a simulation makes of a refund whose end is unknown, to see whether it is found; in every other life the refund.
    private func planted(_ refund: Refund, _ tried: RefundTry) -> Refund {
        guard store.surroundings.plantedInGateways == .refundsUnderNewNumber, tried.tries > 0, tried.stage == .unknown,
            let number = EntityID("\(refund.number)t\(tried.tries)")
        else { return refund }
        return Refund(number: number, payment: refund.payment, amount: refund.amount, lines: refund.lines, reason: refund.reason)
    }

    /// How long ago something was begun at least that was tried so often.
    package static func least(ofTries tries: Int64) -> Duration {
        (0..<max(0, min(tries, 10_000) - 1)).reduce(.zero) { $0 + wait(after: $1) }
    }

    /// 30 s, doubled each time, up to six hours.
    static func wait(after tries: Int64) -> Duration { .seconds(min(21_600, 30 << min(tries, 10))) }
}
