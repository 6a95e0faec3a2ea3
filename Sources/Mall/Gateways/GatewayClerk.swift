package import ChannelAdapters
package import Commerce
package import Store

/// Does what gateways' callbacks say, after they were kept and answered.
///
/// What it writes and the mark "applied" are one transaction, so a crash in between repeats the work and not the
/// effect. One that cannot be applied is tried again later or set aside for a person, and holds up no other.
package struct GatewayClerk: Sendable {
    private let store: Store
    private let gateways: @Sendable () -> [ChannelID: Gateway]
    private let hearParcel: @Sendable (TrackingReport, ChannelID) async throws(StoreError) -> Void
    private let news: @Sendable (GatewayEvent) -> Void
    private static let turnMax = 200
    private static let attemptsMax = 20

    /// - Parameters:
    ///   - gateways: those there are now.
    ///   - hearParcel: takes in what is said about a parcel; told again, it changes nothing. Throws `.notFound` for one nobody sent.
    ///   - news: hears of what a log or a person should know; called between transactions, hand over and return.
    package init(
        store: Store, gateways: @escaping @Sendable () -> [ChannelID: Gateway],
        hearParcel: @escaping @Sendable (TrackingReport, ChannelID) async throws(StoreError) -> Void = { _, _ in },
        news: @escaping @Sendable (GatewayEvent) -> Void = { _ in }
    ) {
        self.store = store
        self.gateways = gateways
        self.hearParcel = hearParcel
        self.news = news
    }

    /// Works off all callbacks that are due now.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func work() async throws(StoreError) -> Int {
        var done = 0
        while !Task.isCancelled {
            let now = store.surroundings.time.now()
            let items = try await store.read { reading throws(StoreError) in
                try reading.dueInbox(at: now, gateways: true, limit: GatewayClerk.turnMax)
            }
            if items.isEmpty { break }
            for item in items {
                guard !Task.isCancelled else { return done }
                try await take(item)
                done += 1
            }
        }
        return done
    }

    /// How long nothing will be to do unless something comes, at most `most`.
    package func rest(atMost most: Duration) async throws(StoreError) -> Duration {
        let due = try await store.read { reading throws(StoreError) in try reading.nextInboxDue(gateways: true) }
        guard let due else { return most }
        return max(.milliseconds(1), min(most, due - store.surroundings.time.now()))
    }

    private func take(_ item: InboxItem) async throws(StoreError) {
        guard let gateway = gateways()[item.channel], let receiver = gateway.callbacks else {
            return try await fail(item, "no gateway is called \(item.channel) now; configure it again, and this is applied", final: false)
        }
        let told: [GatewayNews]
        do throws(ValidationFailure) { told = try receiver.read(item.body) } catch {
            return try await fail(item, "cannot be read: \(error)", final: true)
        }
        for part in told {
            guard case .parcel(let report) = part else { continue }
            do throws(StoreError) { try await hearParcel(report, item.channel) } catch .notFound(let what) {
                // The push may have come before the parcel was booked.
                return try await fail(item, "there is no \(what) yet", final: false)
            }
        }
        let found: [GatewayNews]?
        do throws(StoreError) { found = try await check(told, gateway) } catch {
            return try await fail(item, "the store does not tell what was asked for: \(error)", final: false)
        }
        guard let checked = found else {
            return try await fail(item, "its gateway does not say now whether the amount is right; it is asked again", final: false)
        }
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                for part in checked { try writing.apply(part, from: item.channel.text) }
                try writing.markApplied(item)
            }
        } catch .notFound(let what) {
            return try await fail(item, "there is no \(what)", final: true)
        } catch .contradiction(let reason) {
            return try await fail(item, reason, final: true)
        } catch .invalid(let failure) {
            return try await fail(item, "\(failure)", final: true)
        } catch .corrupt(let reason), .failed(let reason) {
            return try await fail(item, "the store does not take it: \(reason)", final: false)
        }
        news(.applied(item.channel, item: item.number))
    }

    /// A payment that is not what was asked for is asked after at its gateway before it is believed.
    ///
    /// - Returns: nil when the gateway gave no answer: a number that nobody confirms goes into no book.
    /// - Throws: when it cannot be read what was asked for; nothing is believed then either.
    private func check(_ told: [GatewayNews], _ gateway: Gateway) async throws(StoreError) -> [GatewayNews]? {
        guard store.surroundings.plantedInGateways != .trustsAmounts else { return told }
        var checked: [GatewayNews] = []
        for part in told {
            guard case .attempt(let number, .paid(let payment, let at)) = part, let attempt = try await attempt(number),
                attempt.amount != payment.amount, let payments = gateway.payments,
                let order = GatewayNumber(number)?.order
            else {
                checked.append(part)
                continue
            }
            news(.otherAmount(gateway.account, number: number, paid: payment.amount, asked: attempt.amount))
            switch await payments.ask(attempt, of: order) {
            case .paid(let confirmed, let time): checked.append(.attempt(number: number, .paid(confirmed, at: time)))
            // Signed it was; what the gateway does not confirm now is heard by the next inquiry.
            case .open, .closed: checked.append(.nothing("a payment of \(payment.amount) at \(at.milliseconds) its gateway does not confirm"))
            case .unknown: return nil
            }
        }
        return checked
    }

    private func attempt(_ number: String) async throws(StoreError) -> PaymentAttempt? {
        guard let named = GatewayNumber(number) else { return nil }
        let order = try await store.read { reading throws(StoreError) in try reading.order(named.order) }
        return order?.state.attempts.first { $0.attempt.id == named.part }?.attempt
    }

    private func fail(_ item: InboxItem, _ error: String, final: Bool) async throws(StoreError) {
        let dead = final || item.attempts + 1 >= GatewayClerk.attemptsMax
        let retryAt = dead ? nil : store.surroundings.time.now() + Cashier.wait(after: Int64(item.attempts))
        try await store.write { writing throws(StoreError) in try writing.markFailed(item, error: error, retryAt: retryAt) }
        news(.failed(item.channel, item: item.number, error: error, dead: dead))
    }
}

/// Something about gateways that a log shows, and a person may have to act on.
package enum GatewayEvent: Hashable, Sendable {
    case applied(ChannelID, item: Int64)
    case failed(ChannelID, item: Int64, error: String, dead: Bool)
    case otherAmount(ChannelID, number: String, paid: Money, asked: Money)
}
