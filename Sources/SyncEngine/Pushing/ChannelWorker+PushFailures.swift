import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Nothing is known of single deltas. What certainly was not sent is planned again;
    /// what may have landed is in doubt and is read back; what is refused is halved
    /// until the one at fault stands alone.
    func sendFailed(
        _ error: ChannelError, _ plan: PushPlan, _ record: ChannelRecord, _ capabilities: Capabilities
    ) async throws(ChannelError) -> Turn {
        switch error {
        case .unknown, .failed, .malformed:
            // One delta may be what the channel fails at; the others must not wait for it for ever.
            if case .failed = error, plan.items.count > 1 { batchLimit = max(1, plan.items.count / 2) }
            let wait = retry.wait(afterAttempt: pushFailures + 1, random: surroundings.random)
            try await stored { () async throws(StoreError) in
                try await self.store.write { [self] writing throws(StoreError) in
                    guard try writing.isCurrent(record) else {
                        return try self.doubtElsewhere(plan, writing, record, error.description, wait: wait)
                    }
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

    /// The channel was found to be another data set while the push was under way: it may have landed in that one.
    ///
    /// Where no clocks are kept this cannot be: finding out and pushing take turns.
    private nonisolated func doubtElsewhere(
        _ plan: PushPlan, _ writing: Writing, _ record: ChannelRecord, _ error: String, wait: Duration
    ) throws(StoreError) {
        guard let now = try writing.reading.channel(record.id) else { return }
        for item in plan.items {
            try writing.except(
                now, item.change.unit, state: .unknown, sequence: item.change.sequence, operation: item.operation.text,
                attempts: 1, dueAt: writing.now + wait, error: error)
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
}
