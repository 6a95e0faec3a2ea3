import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Tells the channel how those of its orders stand that something happened to, in one exchange at most.
    ///
    /// Each is told as it is now, so what happened often is told once. One that it refuses is told again when
    /// something happens to it next, and holds up no other.
    ///
    /// - Returns: whether something was told.
    func tellOrders(_ record: ChannelRecord, _ capabilities: Capabilities) async throws(ChannelError) -> Bool {
        guard capabilities.orders else { return false }
        let limit = max(1, min(settings.batchMax, capabilities.batchMax))
        let now = surroundings.time.now()
        let planned = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) -> (standings: [OrderStanding], end: Int64) in
                let moves = try reading.orderMoves(of: record, after: try reading.orderPosition(of: record), limit: limit)
                var standings: [OrderStanding] = []
                for move in moves {
                    let order = try reading.requireOrder(move.number)
                    standings.append(OrderStanding(order, sights: try reading.sights(of: order, now: now)))
                }
                return (standings, moves.last?.sequence ?? 0)
            }
        }
        guard !planned.standings.isEmpty else { return false }
        try await admit()
        pushFigures.requests += 1
        let outcomes = try await adapter.tell(planned.standings, generation: store.life.generation)
        guard outcomes.count == planned.standings.count else {
            throw .unknown(reason: "\(outcomes.count) outcomes for \(planned.standings.count) orders")
        }
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                guard try writing.isCurrent(record) else { return }
                try writing.moveOrderPosition(of: record, to: planned.end)
            }
        }
        breaker.succeeded(at: surroundings.time.now())
        pushFailures = 0
        for (standing, refusal) in zip(planned.standings, outcomes) {
            if let refusal { events.emit(.orderRefused(id, order: standing.order, reason: refusal)) }
        }
        events.emit(.ordersTold(id, orders: outcomes.count { $0 == nil }))
        return true
    }
}

extension OrderStanding {
    /// What a channel needs to show its buyer; no more of anybody than it told us itself.
    init(_ order: StoredOrder, sights: [ParcelPart: ParcelSight]) {
        let state = order.state
        let parcels = state.parcels.map { parcel -> JSON in
            [
                "carrier": .string(parcel.parcel.carrier), "tracking": .string(parcel.parcel.tracking),
                "shipped_at": .integer(parcel.at.milliseconds),
                "delivered_at": parcel.deliveredAt.map { .integer($0.milliseconds) } ?? .null,
                "lines": .array(parcel.parcel.lines.map { ["line": .integer(Int64($0.line)), "pieces": .integer($0.pieces)] }),
                "track": sights[.parcel(parcel.parcel.id)]?.json ?? .null,
            ]
        }
        let cases = state.afterSales.map { afterSale -> JSON in
            [
                "case": .string(afterSale.id.text), "state": .string(afterSale.phase.rawValue), "refunded": .integer(afterSale.refunded),
                "track": sights[.resent(afterSale.id)]?.json ?? .null,
            ]
        }
        self.init(
            order: state.placed?.externalNumber ?? order.number, version: order.edition,
            content: [
                "number": .string(order.number), "state": .string(state.phase.rawValue),
                "paid": .integer(state.money?.captured ?? 0), "refunded": .integer(state.money?.refunded ?? 0),
                "parcels": .array(parcels), "cases": .array(cases),
            ])
    }
}
