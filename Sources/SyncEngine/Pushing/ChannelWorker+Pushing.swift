import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension ChannelWorker {
    /// What a turn of a loop leaves to wait for.
    enum Turn {
        case again
        /// Nothing is left to do before something new comes.
        case idle
        /// As idle, but what waits is tried again then at the latest.
        case rest(Duration)
        /// Nothing at all is done before then: the channel is to be left alone.
        case wait(Duration)
    }

    /// How long an idle loop sleeps before it looks again unasked; a lost wake-up costs no more than this.
    static let idleWait: Duration = .seconds(30)

    func pushLoop() async {
        while !Task.isCancelled {
            let seen = signal.value
            let turn: Turn
            do throws(StoreError) {
                turn = try await pushTurn()
            } catch {
                events.emit(.storeFailed(error.description))
                turn = .wait(.seconds(1))
            }
            switch turn {
            case .again: continue
            case .idle: await wait(ChannelWorker.idleWait, beyond: seen)
            case .rest(let duration): await wait(duration, beyond: seen)
            case .wait(let duration):
                pushFigures.nextAttempt = surroundings.time.now() + duration
                await wait(duration)
            }
        }
    }

    private func pushTurn() async throws(StoreError) -> Turn {
        guard settings.push, let known = try await activeRecord(), !known.observing else { return .idle }
        let now = surroundings.time.now()
        if let until = heldUp.value, until > now { return .wait(until - now) }
        guard breaker.allows(at: now) else {
            return .wait(max(.milliseconds(1), (breaker.openUntil ?? now) - now))
        }
        do throws(ChannelError) {
            let capabilities = try await connect()
            return try await exchange(capabilities) { () async throws(ChannelError) -> Turn in
                // Connecting, or the pull that was waited for, may have found another data set: then
                // nothing is pushed before it was looked at.
                let record = try await self.stored { () async throws(StoreError) in try await self.activeRecord() }
                guard let record, !record.observing else { return .idle }
                // What there is to sell goes first: a million texts can wait for it.
                let told = try await self.tellOrders(record, capabilities)
                var quantities = try await self.tellQuantities(record, capabilities)
                quantities.told = quantities.told || told
                if let turn = try await self.resolveDoubts(record, capabilities) { return turn }
                return try await self.pushBatch(record, capabilities).sooner(quantities, at: self.surroundings.time.now())
            }
        } catch {
            return await failed(error, units: 0)
        }
    }

    private typealias Planned = (plan: PushPlan, deltas: [OutgoingDelta], due: Timestamp?)

    private func planned(
        _ record: ChannelRecord, _ capabilities: Capabilities, retrying: Bool
    ) async throws(ChannelError) -> Planned {
        let limit = max(1, min(settings.batchMax, capabilities.batchMax, batchLimit ?? Int.max))
        let settings = self.settings
        let generation = store.life.generation
        let now = surroundings.time.now()
        return try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                let planner = PushPlanner(
                    reading: reading, channel: record, settings: settings, capabilities: capabilities,
                    generation: generation, planted: self.surroundings.planted)
                let plan = try planner.plan(limit: limit, at: now, retrying: retrying)
                return (plan, plan.items.map { $0.delta(reading, planted: self.surroundings.planted) }, try reading.nextExceptionDue(record))
            }
        }
    }

    private func pushBatch(_ record: ChannelRecord, _ capabilities: Capabilities) async throws(ChannelError) -> Turn {
        var read = try await planned(record, capabilities, retrying: true)
        var pause: Duration?
        if read.plan.items.contains(where: { $0.attempts > 0 }),
            let wait = retryBudget.take(at: surroundings.time.monotonicNanoseconds())
        {
            // What fails again and again waits for its share; what is new does not wait with it.
            pause = min(wait, .seconds(10))
            read = try await planned(record, capabilities, retrying: false)
        }
        let plan = read.plan
        if !plan.doubtful.isEmpty {
            try await stored { () async throws(StoreError) in try await self.doubtAgain(plan.doubtful, record) }
            return .again
        }
        if !plan.echoes.isEmpty {
            try await stored { () async throws(StoreError) in try await self.settleEchoes(plan.echoes, record) }
            return .again
        }
        if plan.items.isEmpty {
            if plan.through > plan.from {
                try await stored { () async throws(StoreError) in try await self.settle(record, capabilities, plan, []) }
                return .again
            }
            batchLimit = nil
            if let pause { return .rest(pause) }
            guard let due = read.due else { return .idle }
            return .rest(min(ChannelWorker.idleWait, max(.milliseconds(1), due - surroundings.time.now())))
        }
        retryBudget.deposit(flow.retryShare)
        guard try await stored({ () async throws(StoreError) in try await self.intend(record, capabilities, plan) }) else {
            return .again
        }
        let batch = PushBatch(
            generation: store.life.generation, session: session, from: plan.from, to: plan.through, deltas: read.deltas)
        return try await send(batch, plan, record, capabilities)
    }

    private func send(
        _ batch: PushBatch, _ plan: PushPlan, _ record: ChannelRecord, _ capabilities: Capabilities
    ) async throws(ChannelError) -> Turn {
        pushFigures.requests += 1
        pushFigures.inFlight = batch.deltas.count
        defer { pushFigures.inFlight = 0 }
        let answer: PushAnswer
        do throws(ChannelError) {
            try await admit()
            answer = try await adapter.push(batch)
            guard answer.outcomes.count == batch.deltas.count else {
                throw ChannelError.unknown(
                    reason: "\(answer.outcomes.count) outcomes for \(batch.deltas.count) deltas")
            }
            // What another data set answers says nothing of this one, and its own writes are not echoes yet.
            try await check(answer.outcomes.compactMap { if case .stale(let shown) = $0 { shown } else { nil } }, capabilities)
        } catch {
            return try await sendFailed(error, plan, record, capabilities)
        }
        try await stored { () async throws(StoreError) in try await self.settle(record, capabilities, plan, answer.outcomes) }
        breaker.succeeded(at: surroundings.time.now())
        pushFailures = 0
        pushFigures.lastSuccess = surroundings.time.now()
        pushFigures.lastError = nil
        pushFigures.nextAttempt = nil
        pushFigures.units += plan.items.count
        events.emit(.pushed(id, units: plan.items.count, through: plan.through))
        return .again
    }

    /// - Returns: whether the plan still stands: the channel was not found to be another data set meanwhile.
    private func intend(
        _ record: ChannelRecord, _ capabilities: Capabilities, _ plan: PushPlan
    ) async throws(StoreError) -> Bool {
        guard !capabilities.keepsClocks else { return true }
        return try await store.write { [self] writing throws(StoreError) in
            guard try writing.isCurrent(record) else { return false }
            try self.settlement(writing, record, capabilities).intend(plan)
            return true
        }
    }

    func settle(
        _ record: ChannelRecord, _ capabilities: Capabilities, _ plan: PushPlan, _ outcomes: [PushOutcome]
    ) async throws(StoreError) {
        let emitted = try await store.write { [self] writing throws(StoreError) in
            // What another data set answered says nothing about this one.
            guard try writing.isCurrent(record) else { return [EngineEvent]() }
            return try self.settlement(writing, record, capabilities).settle(plan, outcomes)
        }
        for event in emitted { events.emit(event) }
    }

    nonisolated func settlement(
        _ writing: Writing, _ record: ChannelRecord, _ capabilities: Capabilities
    ) -> Settlement {
        Settlement(
            writing: writing, channel: record, settings: ChannelSettings(json: record.settings),
            capabilities: capabilities, retry: retry, random: surroundings.random)
    }

    /// Runs store work inside channel work; a store that fails ends the turn as cancelled after telling.
    func stored<T: Sendable>(_ body: () async throws(StoreError) -> T) async throws(ChannelError) -> T {
        do throws(StoreError) {
            return try await body()
        } catch {
            events.emit(.storeFailed(error.description))
            // It may have been what became of a push; then nobody else knows that this push is open.
            adopted = false
            throw .failed(status: 0, reason: "the store failed: \(error)")
        }
    }
}

extension Writing {
    /// Whether a channel is still the data set it was when `record` was read.
    func isCurrent(_ record: ChannelRecord) throws(StoreError) -> Bool {
        try reading.channel(record.id)?.actor == record.actor
    }
}
