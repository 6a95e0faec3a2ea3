import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Tells the channel what there is to sell of what moved, in one exchange at most.
    ///
    /// Each number is worked out here and now, so what moved often is told once. The hub alone decides
    /// it: nothing the channel says to hold ever becomes the master's.
    ///
    /// - Returns: whether something was told, and when there will be something though nothing moves.
    func tellQuantities(
        _ record: ChannelRecord, _ capabilities: Capabilities
    ) async throws(ChannelError) -> (told: Bool, next: Timestamp?) {
        guard let capability = capabilities.quantities else { return (false, nil) }
        let now = surroundings.time.now()
        let waiting = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in try reading.quantitiesWaiting(record, at: now) }
        }
        guard waiting.now else { return (false, waiting.next) }
        let limit = max(1, min(settings.batchMax, capabilities.batchMax))
        let started = surroundings.time.monotonicNanoseconds()
        let planned = try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                guard try writing.isCurrent(record) else { return (plan: QuantityPlan(), remotes: [EntityRef: RemoteRef]()) }
                let plan = try writing.planQuantities(record, capability, limit: limit)
                var remotes: [EntityRef: RemoteRef] = [:]
                for sku in plan.unread + plan.writes.map(\.sku) { remotes[sku] = try writing.reading.remote(sku, of: record) }
                return (plan, remotes)
            }
        }
        if !planned.plan.unread.isEmpty { try await meet(planned.plan.unread, planned.remotes, record) }
        if !planned.plan.writes.isEmpty { try await send(planned.plan.writes, planned.remotes, record, since: started) }
        return (true, nil)
    }

    private func meet(_ skus: [EntityRef], _ remotes: [EntityRef: RemoteRef], _ record: ChannelRecord) async throws(ChannelError) {
        try await admit()
        pushFigures.requests += 1
        let found = try await adapter.readQuantities(of: skus.compactMap { remotes[$0] })
        var quantities: [EntityRef: Int64] = [:]
        for sku in skus { quantities[sku] = remotes[sku].flatMap { found[$0] } }
        let (known, wait) = (quantities, ChannelWorker.unlistedWait)
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                guard try writing.isCurrent(record) else { return }
                try writing.meet(known, of: skus, record, wait: wait)
            }
        }
    }

    /// A SKU may come to be listed at any time, and nobody says so.
    private static let unlistedWait: Duration = .seconds(30)

    private func send(
        _ writes: [ToldQuantity], _ remotes: [EntityRef: RemoteRef], _ record: ChannelRecord, since started: UInt64
    ) async throws(ChannelError) {
        let generation = store.life.generation
        var orders: [QuantityOrder] = []
        for told in writes {
            guard let write = told.write, let remote = remotes[told.sku] else { continue }
            let key = OperationID("\(generation)/q/\(id)/\(told.sku.id)/\(told.writes)")
            orders.append(QuantityOrder(sku: remote, write: write, key: key))
        }
        pushFigures.requests += 1
        let outcomes: [QuantityOutcome]
        do throws(ChannelError) {
            try await admit()
            outcomes = try await adapter.put(orders, generation: generation)
            guard outcomes.count == orders.count else {
                throw ChannelError.unknown(reason: "\(outcomes.count) outcomes for \(orders.count) quantities")
            }
        } catch {
            // One that is refused as a whole did nothing; of every other nobody knows.
            if case .rejected(let field, let reason) = error {
                return try await settle(writes.map { ($0, .refused("\(field): \(reason)"), nil) }, record, since: nil)
            }
            try await settle(writes.map { ($0, .unknown(error.description), nil) }, record, since: nil)
            throw error
        }
        try await settle(
            zip(writes, outcomes).map { told, outcome in
                switch outcome {
                case .stored(let seen): (told, .stored(seen: seen), nil)
                case .other(let seen): (told, .other(seen: seen), nil)
                case .rejected(let reason): (told, .refused(reason), nil)
                case .deferred(let asked): (told, .refused("it puts it off"), asked)
                }
            }, record, since: started)
        breaker.succeeded(at: surroundings.time.now())
        pushFailures = 0
        pushFigures.lastSuccess = surroundings.time.now()
    }

    private func settle(
        _ results: [(told: ToldQuantity, result: QuantityResult, asked: Duration?)], _ record: ChannelRecord, since started: UInt64?
    ) async throws(ChannelError) {
        let waits = results.map { told, _, asked in
            retry.wait(afterAttempt: Int(told.attempts) + 1, asked: asked, random: surroundings.random)
        }
        let trip = started.map { Duration.nanoseconds(surroundings.time.monotonicNanoseconds() - $0) }
        let settled = results.map { ($0.told, $0.result) }
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                guard try writing.isCurrent(record) else { return }
                for ((told, result), wait) in zip(settled, waits) { try writing.settle(told, result, of: record, wait: wait) }
                if let trip { try writing.noteTrip(trip, of: record) }
            }
        }
        var told = 0
        for (row, result) in settled {
            switch result {
            case .stored: told += 1
            case .other(let seen): events.emit(.quantityRefused(id, row.sku, reason: "it holds \(seen)"))
            case .refused(let reason): events.emit(.quantityRefused(id, row.sku, reason: reason))
            case .unknown: break
            }
        }
        if told > 0 { events.emit(.quantitiesTold(id, skus: told)) }
    }
}

extension ChannelWorker.Turn {
    /// The same, but looking again as soon as quantities ask for it.
    func sooner(_ quantities: (told: Bool, next: Timestamp?), at now: Timestamp) -> ChannelWorker.Turn {
        switch self {
        case .again, .wait: return self
        case .idle, .rest:
            if quantities.told { return .again }
            guard let next = quantities.next else { return self }
            let wait = max(.milliseconds(1), next - now)
            if case .rest(let before) = self { return .rest(min(before, wait)) }
            return .rest(min(ChannelWorker.idleWait, wait))
        }
    }
}
