import Commerce
import Mall
import Store

extension StoreShopDesk {
    func orders(_ phase: OrderPhase?, _ page: PageRequest, for shopper: Shopper) async throws(DeskError) -> Page<OrderHead> {
        guard let member = shopper.member else { return Page([]) }
        let before = try page.number()
        var search = OrderSearch()
        search.channel = shopper.channel
        search.member = member
        search.phase = phase
        let wanted = search
        return try await store.consult { reading throws(StoreError) in
            Page(try reading.orders(wanted, before: before, limit: page.limit + 1), of: page, number: \.place)
        }
    }

    func order(_ number: String, for shopper: Shopper) async throws(DeskError) -> JSON {
        let now = store.surroundings.time.now()
        return try await store.consult { reading throws(StoreError) in
            let order = try StoreShopDesk.own(number, reading, shopper)
            return order.buyersJSON(try reading.sights(of: order, now: now))
        }
    }

    func act(_ act: ShopAct, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        try await store.once(key) { writing throws(StoreError) in
            let order = try StoreShopDesk.own(act.number, writing.reading, shopper)
            if let id = act.caseID, order.state.afterSale(id) == nil { throw .notFound("case \(id)") }
            if case .refused(let refusal, let order) = try writing.act(act.act, on: order.number, as: .buyer, by: shopper.author) {
                return StandingAnswer(.refused(refusal, order))
            }
            let changed = try writing.reading.requireOrder(order.number)
            return StandingAnswer(changed.buyersJSON(try writing.reading.sights(of: changed, now: writing.surroundings.time.now())))
        }
    }

    func cancel(_ number: String, reason: String, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        try await ownOnce(number, shopper, key) { order throws(DeskError) in
            let telling = try await atDesk { () async throws(StoreError) in
                try await cashier.cancel(order.number, as: .buyer, reason: reason, by: shopper.author)
            }
            if case .refused(let refusal, let order) = telling { return StandingAnswer(.refused(refusal, order)) }
            return StandingAnswer(try await self.order(number, for: shopper))
        }
    }

    func pay(
        _ number: String, at gateway: String, terms: PaymentTerms, for shopper: Shopper, once key: AnswerKey
    ) async throws(DeskError) -> StandingAnswer {
        try await ownOnce(number, shopper, key) { order throws(DeskError) in
            let opening = try await atDesk { () async throws(StoreError) in
                try await cashier.open(order.number, at: gateway, terms: terms, by: shopper.author)
            }
            switch opening {
            case .open(let attempt, let parameters, _): return StandingAnswer(OpenedPayment(attempt: attempt, parameters: parameters).json)
            case .paid(let order):
                return StandingAnswer(.refused(.wrongPhase(order.state.phase, wanted: "nothing is to be paid any more"), order))
            case .refused(let refusal, let order): return StandingAnswer(.refused(refusal, order))
            case .failed(let reason, _): throw .unavailable("gateway \(gateway): \(reason)", retryAfter: .seconds(5))
            case .noGateway:
                let known = cashier.gatewayNames.joined(separator: ", ")
                return StandingAnswer(.invalid("gateway", "\"\(gateway)\" is not configured; there are \(known)"))
            }
        }
    }

    /// What waits for a gateway is no one transaction: it is done, and its answer kept when it is known.
    ///
    /// Cut off in between it is done again, which these can be: an order is cancelled once, and an attempt that is open is found.
    private func ownOnce(
        _ number: String, _ shopper: Shopper, _ key: AnswerKey, _ work: (StoredOrder) async throws(DeskError) -> StandingAnswer
    ) async throws(DeskError) -> StandingAnswer {
        if let kept = try await store.kept(key) { return kept }
        let order = try await store.consult { reading throws(StoreError) in try StoreShopDesk.own(number, reading, shopper) }
        let answer = try await work(order)
        return try await store.once(key) { _ throws(StoreError) in answer }
    }

    /// An order of this shopper at this channel; any other is not there.
    static func own(_ number: String, _ reading: Reading, _ shopper: Shopper) throws(StoreError) -> StoredOrder {
        guard let order = try reading.order(number), let placed = order.state.placed, placed.channel == shopper.channel,
            placed.member == shopper.member
        else { throw .notFound("order \(number.prefix(64))") }
        return order
    }
}

extension Shopper {
    /// How an order's history names them.
    var author: String { "shop:\(channel)/\(member?.text ?? "guest")" }
}
