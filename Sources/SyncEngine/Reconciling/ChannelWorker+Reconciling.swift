package import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// What a comparison is asked to be.
package struct RoundOrder: Sendable {
    /// Reads and judges only; nothing is written, not even how far it came.
    package var isDryRun = false
    /// Keeps to the channel's share for comparing; else only to the channel's own limit.
    package var isPaced = false
    /// What a person has said about listings that are gone; nil: the brake decides.
    package var accepted: AcceptedDeletions?

    package init(isDryRun: Bool = false, isPaced: Bool = false, accepted: AcceptedDeletions? = nil) {
        self.isDryRun = isDryRun
        self.isPaced = isPaced
        self.accepted = accepted
    }

    /// Whether a channel in this state may be compared so. One that is halted is only looked at, or put right by a person.
    func suits(_ state: ChannelRecord.State) -> Bool {
        state == .active || state == .halted && (isDryRun || accepted != nil)
    }
}

/// Why a comparison was not finished.
package enum RoundError: Error, Sendable {
    /// One is under way already.
    case busy
    /// The channel is paused, halted, retired or just being looked at wholly.
    case notNow(String)
    case channel(ChannelError)
}

extension ChannelWorker {
    /// Between two looks at what there is to compare or to settle.
    private static let glance: Duration = .seconds(15)
    /// Asked of channels that name no limit, in a second.
    private static let requestsPresumed = 20.0
    /// How long a comparison asked for by a person waits for what it found to be put right.
    private static let patience = 80

    func reconcileLoop() async {
        while !Task.isCancelled {
            // Where nothing is compared unasked there is next to nothing to look at.
            await wait(flow.reconcileEvery == nil ? .seconds(3_600) : ChannelWorker.glance)
            do throws(StoreError) {
                try await reconcileTurn()
            } catch {
                events.emit(.storeFailed(error.description))
            }
        }
    }

    private func reconcileTurn() async throws(StoreError) {
        guard !isReconciling, let record = try await activeRecord(), !record.observing else { return }
        try await settleDrift(record)
        guard let every = flow.reconcileEvery, breaker.state == .closed else { return }
        let known = try await store.read { reading throws(StoreError) in try reading.reconciliation(record) }
        let due = (known.finishedAt ?? record.createdAt) + every
        guard known.startedAt != nil || surroundings.time.now() >= due else { return }
        do throws(RoundError) {
            _ = try await reconcile(RoundOrder(isPaced: true)) { _ in }
        } catch {
            switch error {
            case .busy, .notNow: return
            case .channel(.cancelled): return
            case .channel(.resyncNeeded(let reason)): await requestResync(reason)
            case .channel(let error):
                events.emit(.reconcileFailed(id, error: error.description))
                await wait(retry.wait(afterAttempt: 5, random: surroundings.random))
            }
        }
    }

    private func settleDrift(_ record: ChannelRecord) async throws(StoreError) {
        let isOpen = try await store.read { reading throws(StoreError) in try reading.hasOpenDrift(record) }
        if isOpen { try await store.write { writing throws(StoreError) in try writing.settleDrift(record) } }
    }

    /// Compares everything the channel holds with what it should, once, and heals what differs.
    ///
    /// - Parameter progress: called now and then with how far it is.
    package func reconcile(
        _ order: RoundOrder, progress: @Sendable (RoundFigures) async -> Void
    ) async throws(RoundError) -> RoundFigures {
        guard !isReconciling else { throw .busy }
        isReconciling = true
        defer { isReconciling = false }
        let outcome = await TransferTally.$current.withValue(comparisonTally) {
            await compare(order, progress)
        }
        do throws(ChannelError) { return try outcome.get() } catch {
            if case .rejected(RoundRefusal.field, let reason) = error { throw .notNow(reason) }
            throw .channel(error)
        }
    }

    private func compare(
        _ order: RoundOrder, _ progress: @Sendable (RoundFigures) async -> Void
    ) async -> Result<RoundFigures, ChannelError> {
        do throws(ChannelError) {
            let capabilities = try await connect()
            guard let record = try await recordToCompare(order) else {
                throw RoundRefusal(reason: "it is not active, or is being looked at wholly").channelError
            }
            var round = try await begin(order, record, capabilities)
            if capabilities.digests {
                try await descend(&round, progress)
            } else {
                try await enumerate(&round, progress)
            }
            return .success(try await finish(round))
        } catch {
            return .failure(error)
        }
    }

    private func recordToCompare(_ order: RoundOrder) async throws(ChannelError) -> ChannelRecord? {
        let id = self.id
        let record = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in try reading.channel(id) }
        }
        guard let record, order.suits(record.state), !record.observing else { return nil }
        return record
    }

    private func begin(
        _ order: RoundOrder, _ record: ChannelRecord, _ capabilities: Capabilities
    ) async throws(ChannelError) -> Round {
        let started = surroundings.time.now()
        var figures = RoundFigures()
        figures.way = capabilities.digests ? .digests : .listing
        figures.isDryRun = order.isDryRun
        let state = try await stored { () async throws(StoreError) in
            let known = try await self.store.read { reading throws(StoreError) in try reading.reconciliation(record) }
            // Following digests is quickly done again; a listing is gone on with.
            let goesOn =
                !capabilities.digests && known.position != nil && known.life == record.actor && order.accepted == nil
            if order.isDryRun || goesOn { return known }
            return try await self.store.write { writing throws(StoreError) in try writing.beginRound(record) }
        }
        var round = Round(
            order: order, record: record, capabilities: capabilities, number: state.round,
            startedAt: order.isDryRun ? started : state.startedAt ?? started, figures: figures)
        if !order.isDryRun, state.position != nil {
            round.position = state.position
            round.figures = RoundFigures(json: state.figures)
        }
        round.bytesBefore = comparisonTally.bytes - round.figures.bytes
        return round
    }

    private func finish(_ round: Round) async throws(ChannelError) -> RoundFigures {
        var figures = round.figures
        figures.milliseconds = (surroundings.time.now() - round.startedAt).milliseconds
        figures.bytes = comparisonTally.bytes - round.bytesBefore
        guard !round.order.isDryRun else { return figures }
        let done = figures
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                try writing.endRound(round.record, figures: done.json)
                if done.disbelieved == nil { try writing.settleDrift(round.record, goneBefore: round.number) }
                try round.goOnWhereAccepted(done, writing)
            }
        }
        events.emit(.reconciled(id, done))
        signal.bump()
        if !round.order.isPaced { try await awaitHealing(round) }
        return done
    }

    /// Waits until what this round pushed or took up is settled, or a person had better look.
    private func awaitHealing(_ round: Round) async throws(ChannelError) {
        for _ in 0..<ChannelWorker.patience where !Task.isCancelled {
            let isOpen = try await stored { () async throws(StoreError) in
                try await self.settleDrift(round.record)
                return try await self.store.read { reading throws(StoreError) in
                    try reading.drift(of: round.record, open: true, limit: 1_000).contains {
                        $0.round == round.number && ($0.remedy == .pushed || $0.remedy == .taken)
                    }
                }
            }
            if !isOpen { return }
            await wait(.milliseconds(250))
        }
    }

    /// Waits until comparing may ask the channel `requests` times more.
    func pace(_ round: inout Round, requests: Int = 1) async throws(ChannelError) {
        let rate = settings.requestsPerSecond ?? round.capabilities.requestsPerSecond ?? ChannelWorker.requestsPresumed
        for _ in 0..<requests {
            if round.order.isPaced {
                if comparisons == nil { comparisons = TokenBucket(rate: rate * flow.reconcileShare, burst: 1) }
                while let wait = comparisons?.take(at: surroundings.time.monotonicNanoseconds()) {
                    do { try await surroundings.time.sleep(for: wait) } catch { throw .cancelled }
                }
            }
            try await admit()
        }
        round.figures.requests += requests
        round.figures.bytes = comparisonTally.bytes - round.bytesBefore
        comparisonTotals.requests += requests
    }

    /// Counts listings that came across whole.
    func crossed(_ listings: Int, _ round: inout Round) {
        round.figures.transferred += listings
        comparisonTotals.listings += listings
    }

    /// The channel's record, if it is still the one the round began with.
    func same(_ round: Round) async throws(ChannelError) {
        guard let record = try await recordToCompare(round.order), record.actor == round.record.actor else {
            throw RoundRefusal(reason: "it was stopped or resynced in the middle").channelError
        }
    }
}

/// A comparison's own refusals on their way through what speaks of channels' failures.
private struct RoundRefusal {
    static let field = "round"
    let reason: String
    var channelError: ChannelError { .rejected(field: RoundRefusal.field, reason: reason) }
}
