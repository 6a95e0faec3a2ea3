import Commerce
import GRDB

extension Writing {
    /// Brings the goods in line with what the order's facts say. Each movement has its cause, so asking again moves nothing.
    ///
    /// - Parameter asked: the fact that is undone when its goods are not there; nil for what happened elsewhere, which is
    ///   kept all the same, and the difference between book and shelf is what counting finds.
    /// - Returns: a fact that follows: the order ends, because its goods went to others before it was paid.
    func followStock(_ book: inout OrderBook, _ policy: OrderPolicy, asked: OrderFact?) throws(StoreError) -> OrderFact? {
        let state = book.state
        guard let placed = state.placed else { return nil }
        if state.isCancelled {
            try giveUp(book, placed)
        } else if let end = try keep(book, placed, policy, judged: asked?.kind == .paymentOpened) {
            return end
        }
        try moveOut(book, asked: asked)
        try settleCases(book, asked: asked)
        return nil
    }

    /// Lets go of all that has not left.
    private func giveUp(_ book: OrderBook, _ placed: PlacedOrder) throws(StoreError) {
        let holds = try reading.holds(owner: book.owner)
        if holds.contains(where: \.inDoubt) { _ = try extend(owner: book.owner, by: .seconds(1)) }
        if holds.contains(where: { $0.state == .open }) { _ = try release(owner: book.owner) }
        let parts = try demand(holds.filter { $0.toShip > 0 }.map { ($0.line, $0.sku, $0.toShip) })
        guard let parts, let last = book.state.cancellations.last(where: { !$0.isReinstated }) else { return }
        // What a channel sells by its right it puts back on sale by itself.
        var channel: ChannelID?
        if book.isChannels, try sellsByRight(placed.channel, parts) { channel = placed.channel }
        let outcome = try unsell(
            owner: book.owner, parts: parts, toRightOf: channel, cause: book.cause("cancelled:\(last.cancellation.number)"),
            author: last.cancellation.author.rawValue)
        if case .short(let shortfall) = outcome { throw .corrupt("order \(book.number): \(shortfall); see heyi stock audit") }
    }

    /// Holds, or owns, what the order is to get.
    private func keep(_ book: OrderBook, _ placed: PlacedOrder, _ policy: OrderPolicy, judged: Bool) throws(StoreError) -> OrderFact? {
        let state = book.state
        let holds = try reading.holds(owner: book.owner)
        if book.isChannels {
            if holds.isEmpty { try sell(book, placed) }
            return nil
        }
        let latest = holds.map(\.attempt).max()
        if state.money?.isPaid == true {
            // A parcel that has left was paid for, whatever was given back since.
            guard state.parcels.isEmpty, !state.isPickedUp else { return nil }
            if let latest {
                switch try claim(owner: book.owner, attempt: latest) {
                case .done, .already: return nil
                case .refused, .nothing: break
                }
            }
            guard try hold(book, policy, attempt: (latest ?? -1) + 1) else { return .goodsGone(state) }
            _ = try claim(owner: book.owner, attempt: (latest ?? -1) + 1)
            return nil
        }
        guard state.phase == .awaitingPayment, let latest else { return nil }
        if !state.inDoubt.isEmpty, desk.surroundings.plantedInOrders != .expiresInDoubt {
            // Somebody may be paying: until it is known whether he did, nobody else gets the goods.
            guard case .refused = try doubt(owner: book.owner, attempt: latest) else { return nil }
            guard try hold(book, policy, attempt: latest + 1) else {
                guard judged else { return nil }
                throw .contradiction("the goods of order \(book.number) went to others when its time was over; place a new order")
            }
            _ = try doubt(owner: book.owner, attempt: latest + 1)
        } else if holds.contains(where: { $0.attempt == latest && $0.inDoubt }) {
            let now = desk.surroundings.time.now()
            let left = placed.paymentDue.map { $0 - now } ?? policy.paymentWindow
            _ = try extend(owner: book.owner, attempt: latest, by: min(max(left, OrderBook.graceAfterDoubt), HoldRequest.lifetimeMax))
        }
        return nil
    }

    /// Holds an order's goods once more for money that came late, with what it had of coupons and points.
    ///
    /// - Returns: false when any of it went to somebody else; nothing is held then.
    func holdAgain(_ book: OrderBook, _ policy: OrderPolicy) throws(StoreError) -> Bool {
        let attempt = (try reading.holds(owner: book.owner).map(\.attempt).max() ?? -1) + 1
        guard try hold(book, policy, attempt: attempt) else { return false }
        if case .refused = try rehold(owner: book.owner) {
            _ = try release(owner: book.owner, attempt: attempt)
            return false
        }
        return true
    }

    private func hold(_ book: OrderBook, _ policy: OrderPolicy, attempt: Int64) throws(StoreError) -> Bool {
        guard let placed = book.state.placed else { return false }
        let left = book.state.lines.map { ($0.line, $0.line.quantity - $0.calledOff) }.filter { $0.1 > 0 }
        guard let request = try holdRequest(placed, left, owner: book.owner, attempt: attempt, policy) else { return true }
        switch try reserve(request) {
        case .held, .known: return true
        case .short: return false
        }
    }

    /// - Returns: nil when there is nothing to hold.
    func holdRequest(
        _ placed: PlacedOrder, _ lines: [(OrderLine, Int64)], owner: String, attempt: Int64, _ policy: OrderPolicy
    ) throws(StoreError) -> HoldRequest? {
        let parts = lines.flatMap { $0.0.demand($0.1) }
        guard !parts.isEmpty else { return nil }
        do throws(ValidationFailure) {
            var request = try HoldRequest(
                owner: owner, attempt: attempt, demand: try StockDemand(parts), lifetime: policy.paymentWindow,
                channel: placed.channel)
            if let place = placed.pickUp?.place {
                request.warehouses = [place]
            } else if !policy.warehouses.isEmpty {
                request.warehouses = policy.warehouses
            }
            return request
        } catch { throw .invalid(error) }
    }

    private func sell(_ book: OrderBook, _ placed: PlacedOrder) throws(StoreError) {
        let sale: ChannelSale
        do throws(ValidationFailure) {
            let demand = try StockDemand(placed.lines.flatMap { $0.demand($0.quantity) })
            sale = try ChannelSale(channel: placed.channel, owner: book.owner, demand: demand, takenAt: book.state.placedAt)
        } catch { throw .invalid(error) }
        _ = try sell(sale)
    }

    private func sellsByRight(_ channel: ChannelID, _ demand: StockDemand) throws(StoreError) -> Bool {
        let record = try reading.requireChannel(channel)
        for (sku, _) in demand.totals where try hasRight(record, try skuNumber(sku.ref)) { return true }
        return false
    }

    /// - Returns: nil for nothing.
    func demand(_ parts: [(line: String, sku: EntityRef, quantity: Int64)]) throws(StoreError) -> StockDemand? {
        let wanted = parts.compactMap { part in
            SKUID(part.sku).map { StockDemand.Part(line: part.line, sku: $0, quantity: part.quantity) }
        }
        guard !wanted.isEmpty else { return nil }
        do throws(ValidationFailure) { return try StockDemand(wanted) } catch { throw .invalid(error) }
    }
}

extension OrderBook {
    /// How long goods are held after a doubt about their payment has ended, at least.
    static let graceAfterDoubt = Duration.seconds(60)

    /// Whether a channel took it, and so has sold the goods already.
    var isChannels: Bool { state.placed?.externalNumber != nil }
    func cause(_ fact: String) -> StockCause { .own("order/\(number)/\(fact)") }
}

extension OrderFact {
    fileprivate static func goodsGone(_ state: OrderState) -> OrderFact {
        .cancelled(
            Cancellation(
                number: state.cancellations.count + 1, by: .timeout, reason: "its goods went to others before it was paid"))
    }
}
