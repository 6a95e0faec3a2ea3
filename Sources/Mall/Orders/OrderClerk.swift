package import Commerce
package import Store

/// Does what becomes due: timers of orders, and refunds that are to be sent or asked after.
///
/// All of it waits in the store: whatever a restart interrupts is found again, and one that fails is put off
/// and holds up no other.
package struct OrderClerk: Sendable {
    private let store: Store
    private let cashier: Cashier
    private let news: @Sendable (OrderNews) -> Void
    private static let batch = 100

    /// - Parameter news: hears of what a person should know; called between transactions, hand over and return.
    package init(store: Store, cashier: Cashier, news: @escaping @Sendable (OrderNews) -> Void = { _ in }) {
        self.store = store
        self.cashier = cashier
        self.news = news
    }

    /// Works off all that is due now.
    ///
    /// - Returns: how many timers and refunds were looked at.
    @discardableResult
    package func work() async throws(StoreError) -> Int {
        var done = 0
        while !Task.isCancelled {
            let now = store.surroundings.time.now()
            let (timers, refunds) = try await store.read { reading throws(StoreError) in
                (try reading.dueTimers(at: now, limit: OrderClerk.batch), try reading.dueRefunds(at: now, limit: OrderClerk.batch))
            }
            if timers.isEmpty && refunds.isEmpty { break }
            try await each(timers) { clerk, timer throws(StoreError) in try await clerk.take(timer) }
            try await each(refunds) { clerk, refund throws(StoreError) in try await clerk.send(refund) }
            done += timers.count + refunds.count
        }
        return done
    }

    /// Some at a time: whoever waits for a gateway that does not answer keeps few others waiting.
    private func each<Due: Sendable>(
        _ all: [Due], _ body: @escaping @Sendable (OrderClerk, Due) async throws(StoreError) -> Void
    ) async throws(StoreError) {
        let failure = await withTaskGroup(of: StoreError?.self) { group in
            var failure: StoreError?
            for (index, due) in all.enumerated() {
                if index >= OrderClerk.atOnce { failure = await group.next() ?? failure }
                if failure != nil { break }
                group.addTask {
                    do throws(StoreError) {
                        try await body(self, due)
                        return nil
                    } catch { return error }
                }
            }
            for await failed in group { failure = failure ?? failed }
            return failure
        }
        if let failure { throw failure }
    }

    private static let atOnce = 16

    private func take(_ stored: StoredTimer) async throws(StoreError) {
        do throws(StoreError) { try await fire(stored) } catch {
            // What is wrong with this one order is no reason to keep the others waiting.
            guard error.isOfOneOrder else { throw error }
            news(.stuck(order: stored.order, stored.timer.kind.rawValue, "\(error)"))
            try await putOff(stored, "\(error)")
        }
    }

    private func fire(_ stored: StoredTimer) async throws(StoreError) {
        let order = try await store.read { reading throws(StoreError) in try reading.requireOrder(stored.order) }
        let channel = order.state.placed?.channel
        let policy = try await store.read { reading throws(StoreError) in try reading.orderPolicy(of: channel) }
        let now = store.surroundings.time.now()
        switch order.state.effect(of: stored.timer, now: now, policy.patience) {
        case .nothing:
            try await store.write { writing throws(StoreError) in try writing.finish(stored.timer, of: stored.order) }
        case .later(let due):
            try await store.write { writing throws(StoreError) in
                try writing.putOff(stored.timer, of: stored.order, until: due, told: nil)
            }
        case .write(let fact):
            let telling = try await store.write { writing throws(StoreError) in
                try writing.tell(fact, of: stored.order, by: "timer/\(stored.timer.kind.rawValue)")
            }
            guard case .refused(let refusal, _) = telling else { return news(.fired(order: stored.order, stored.timer.kind)) }
            try await putOff(stored, "\(refusal)")
        case .inquire(let attempts):
            // What nobody needs to pay any more would stay open for ever if it were only asked after.
            let isNeeded = order.state.money.map { $0.missing > 0 } ?? true
            let after = try await cashier.end(attempts, of: order, closing: !isNeeded, by: "timer")
            if !after.state.inDoubt.isEmpty { try await putOff(stored, "the gateway knows no end yet") }
        case .close(let attempts):
            let after = try await cashier.end(attempts, of: order, closing: true, by: "timer")
            guard after.state.inDoubt.isEmpty else {
                news(.inDoubt(order: stored.order, attempts.map(\.id)))
                return try await putOff(stored, "the gateway did not close a payment; goods stay held until it is known")
            }
            // Closed, the order's time is over at once; paid, the timer has gone with the wait.
            if after.state.phase == .awaitingPayment { try await fire(stored) }
        case .remind:
            try await store.write { writing throws(StoreError) in try writing.finish(stored.timer, of: stored.order) }
            news(.reminder(order: stored.order, stored.timer))
        }
    }

    private func putOff(_ stored: StoredTimer, _ told: String) async throws(StoreError) {
        let later = store.surroundings.time.now() + Cashier.wait(after: stored.tries)
        try await store.write { writing throws(StoreError) in
            try writing.putOff(stored.timer, of: stored.order, until: later, told: told)
        }
    }

    private func send(_ tried: RefundTry) async throws(StoreError) {
        do throws(StoreError) { try await cashier.send(tried) } catch {
            guard error.isOfOneOrder else { throw error }
            news(.stuck(order: tried.order, "refund \(tried.refund)", "\(error)"))
            let later = store.surroundings.time.now() + Cashier.wait(after: tried.tries)
            try await store.write { writing throws(StoreError) in
                try writing.refuseRefund(tried.refund, of: tried.order, told: "\(error)", lookAgainAt: later)
            }
        }
    }
}

/// Something about an order that a log shows, and a person may have to act on.
package enum OrderNews: Hashable, Sendable {
    case fired(order: String, OrderTimer.Kind)
    case reminder(order: String, OrderTimer)
    /// Nobody knows whether these were paid, and the gateway does not close them.
    case inDoubt(order: String, [EntityID])
    /// A timer or a refund that failed, and is tried again later.
    case stuck(order: String, String, String)
}

extension StoreError {
    /// Whether other orders can go on.
    fileprivate var isOfOneOrder: Bool {
        switch self {
        // What of one order cannot be read, or is refused by the schema, is that order's.
        case .invalid, .notFound, .contradiction, .corrupt, .failed: true
        default: false
        }
    }
}
