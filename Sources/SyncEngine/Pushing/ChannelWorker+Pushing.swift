import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension ChannelWorker {
    /// What a turn of a loop leaves to wait for.
    enum Turn {
        case again
        case idle
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
                if let turn = try await self.resolveDoubts(record, capabilities) { return turn }
                return try await self.pushBatch(record, capabilities)
            }
        } catch {
            return await failed(error, units: 0)
        }
    }

    private func pushBatch(_ record: ChannelRecord, _ capabilities: Capabilities) async throws(ChannelError) -> Turn {
        let limit = max(1, min(settings.batchMax, capabilities.batchMax, batchLimit ?? Int.max))
        let settings = self.settings
        let generation = store.life.generation
        let now = surroundings.time.now()
        let read: (plan: PushPlan, deltas: [OutgoingDelta], due: Timestamp?) = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                let planner = PushPlanner(
                    reading: reading, channel: record, settings: settings, capabilities: capabilities,
                    generation: generation, planted: self.surroundings.planted)
                let plan = try planner.plan(limit: limit, at: now)
                return (plan, plan.items.map { $0.delta(reading, planted: self.surroundings.planted) }, try reading.nextExceptionDue(record))
            }
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
            guard let due = read.due else { return .idle }
            return .wait(min(ChannelWorker.idleWait, max(.milliseconds(1), due - now)))
        }
        if plan.items.contains(where: { $0.attempts > 0 }),
            let wait = retryBudget.take(at: surroundings.time.monotonicNanoseconds())
        {
            return .wait(min(wait, .seconds(10)))
        }
        retryBudget.deposit(flow.retryShare)
        guard try await stored({ () async throws(StoreError) in try await self.intend(record, capabilities, plan) }) else {
            return .again
        }
        let batch = PushBatch(
            generation: generation, session: session, from: plan.from, to: plan.through, deltas: read.deltas)
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

    /// Nothing is known of single deltas. What certainly was not sent is planned again;
    /// what may have landed is in doubt and is read back; what is refused is halved
    /// until the one at fault stands alone.
    private func sendFailed(
        _ error: ChannelError, _ plan: PushPlan, _ record: ChannelRecord, _ capabilities: Capabilities
    ) async throws(ChannelError) -> Turn {
        switch error {
        case .unknown, .failed, .malformed:
            // One delta may be what the channel fails at; the others must not wait for it for ever.
            if case .failed = error, plan.items.count > 1 { batchLimit = max(1, plan.items.count / 2) }
            let wait = retry.wait(afterAttempt: pushFailures + 1, random: surroundings.random)
            try await stored { () async throws(StoreError) in
                try await self.store.write { [self] writing throws(StoreError) in
                    guard try writing.isCurrent(record) else { return }
                    try self.settlement(writing, record, capabilities).doubt(plan, error: error.description, wait: wait)
                }
            }
            events.emit(.outcomeUnknown(id, units: plan.items.count, error: error.description))
            return await failed(error, units: plan.items.count)
        case .rejected(let field, let reason):
            if plan.items.count > 1 {
                batchLimit = max(1, plan.items.count / 2)
                try await withdraw(record, capabilities, plan)
                return .again
            }
            batchLimit = nil
            try await stored { () async throws(StoreError) in
                try await self.settle(record, capabilities, plan, [.rejected(field: field, reason: reason)])
            }
            return .again
        case .cancelled:
            // It may have arrived before we hung up: the intents stay, and whoever comes next reads them back.
            throw error
        case .throttled, .unreachable, .unauthorized, .resyncNeeded, .gone:
            try await withdraw(record, capabilities, plan)
            throw error
        }
    }

    private func withdraw(
        _ record: ChannelRecord, _ capabilities: Capabilities, _ plan: PushPlan
    ) async throws(ChannelError) {
        guard !capabilities.keepsClocks else { return }
        try await stored { () async throws(StoreError) in
            try await self.store.write { [self] writing throws(StoreError) in
                guard try writing.isCurrent(record) else { return }
                try self.settlement(writing, record, capabilities).withdraw(plan)
            }
        }
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

    private func settle(
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

    /// What a failure of the whole exchange means for the loop.
    func failed(_ error: ChannelError, units: Int) async -> Turn {
        let now = surroundings.time.now()
        pushFigures.lastError = error.description
        switch error {
        case .cancelled: return .idle
        case .throttled(let asked):
            let wait = asked.map(retry.heeded) ?? retry.wait(afterAttempt: pushFailures + 1, random: surroundings.random)
            pushFailures += 1
            events.emit(.throttled(id, wait: wait))
            return .wait(wait)
        case .resyncNeeded(let reason):
            await requestResync(reason)
            return .wait(.seconds(1))
        case .gone(let reason):
            await halt("the channel says it is gone: \(reason)")
            return .idle
        case .unreachable, .unknown, .failed, .unauthorized, .rejected, .malformed:
            pushFailures += 1
            pushFigures.failures += 1
            let before = breaker.state
            breaker.failed(at: now, random: surroundings.random)
            if breaker.state != before { events.emit(.breaker(id, breaker.state)) }
            // A channel that came back may be another one than before.
            capabilities = nil
            let wait = retry.wait(afterAttempt: pushFailures, random: surroundings.random)
            events.emit(.pushFailed(id, units: units, error: error.description, retryAt: now + wait))
            return .wait(wait)
        }
    }

    /// Runs store work inside channel work; a store that fails ends the turn as cancelled after telling.
    func stored<T: Sendable>(_ body: () async throws(StoreError) -> T) async throws(ChannelError) -> T {
        do throws(StoreError) {
            return try await body()
        } catch {
            events.emit(.storeFailed(error.description))
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
