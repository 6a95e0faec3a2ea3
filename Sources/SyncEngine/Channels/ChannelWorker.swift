package import ChannelAdapters
package import Commerce
import ConflictResolution
package import Store

/// Keeps one channel in step: pushes what it lacks, pulls what it wrote.
///
/// An actor of its own on an executor of its own: however slow, wrong or dead its
/// channel is, no other channel waits for it. All that matters survives in the store;
/// what is kept here (breaker, budgets, capabilities) may be lost at any time.
package actor ChannelWorker {
    nonisolated let executor: EngineExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.serial.asUnownedSerialExecutor() }

    package nonisolated let id: ChannelID
    let store: Store
    let adapter: any ChannelAdapter
    var settings: ChannelSettings
    let surroundings: Surroundings
    let events: EventHub
    /// Bumped by the feed and by operators; the push loop waits on it.
    package nonisolated let signal: FeedSignal
    /// Bumped when a callback names something to read: the pull loop sleeps through everything else.
    nonisolated let hinted: FeedSignal

    private nonisolated let flowSettings: Guarded<FlowSettings>
    nonisolated var flow: FlowSettings { flowSettings.value }
    nonisolated var retry: RetrySchedule { flow.retry }
    var breaker = Breaker()
    var requests: TokenBucket?
    var retryBudget: TokenBucket
    var capabilities: Capabilities?
    var session: String
    var pushFigures = LoopFigures()
    var pullFigures = LoopFigures()
    var pushFailures = 0
    var pullFailures = 0
    var batchLimit: Int?
    var hints = HintedReads()
    private var turns = Turns()
    /// What comparing may ask for in a second.
    var comparisons: TokenBucket?
    var isReconciling = false
    /// What comparing has asked of the channel since the worker began.
    var comparisonTotals = ComparisonTotals()
    nonisolated let comparisonTally = TransferTally()
    /// Whether pushes left open by an earlier process have been looked for.
    var adopted = false

    package init(
        id: ChannelID, store: Store, adapter: any ChannelAdapter, settings: ChannelSettings, flow: FlowSettings,
        surroundings: Surroundings, events: EventHub, executor: EngineExecutor
    ) {
        self.id = id
        self.store = store
        self.adapter = adapter
        self.settings = settings
        flowSettings = Guarded(flow)
        retryBudget = TokenBucket(rate: flow.retryShare, burst: 10)
        self.surroundings = surroundings
        self.events = events
        self.executor = executor
        signal = FeedSignal(time: surroundings.time)
        hinted = FeedSignal(time: surroundings.time)
        session = surroundings.ids.next()
        if let rate = settings.requestsPerSecond { requests = TokenBucket(rate: rate, burst: max(1, rate)) }
        if surroundings.planted == .failureSpreads { waitWithOthers() }
    }

    /// Runs its loops until the task is cancelled. A batch under way is finished first.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: executor.preference) { await self.pushLoop() }
            group.addTask(executorPreference: executor.preference) { await self.pullLoop() }
            group.addTask(executorPreference: executor.preference) { await self.reconcileLoop() }
        }
    }

    /// Until when this worker waits for another channel; only a simulation plants that.
    nonisolated let heldUp: Guarded<Timestamp?> = Guarded(nil)

    private nonisolated func waitWithOthers() {
        let heldUp = self.heldUp
        let id = self.id
        events.listen { event in
            if case .pushFailed(let other, _, _, let until?) = event, other != id { heldUp.update { $0 = until } }
        }
    }

    func take(_ flow: FlowSettings) {
        if flow.retryShare != self.flow.retryShare { retryBudget = TokenBucket(rate: flow.retryShare, burst: 10) }
        if flow.reconcileShare != self.flow.reconcileShare { comparisons = nil }
        flowSettings.update { $0 = flow }
    }

    package func take(_ settings: ChannelSettings) {
        self.settings = settings
        requests = settings.requestsPerSecond.map { TokenBucket(rate: $0, burst: max(1, $0)) }
        signal.bump()
    }

    /// Reads entities a callback said had changed soon, and marks the callback applied with the last of them.
    package func hint(_ entities: [RemoteRef], from item: InboxItem) {
        hints.add(entities, from: item)
        hinted.bump()
    }

    /// What cannot be read from the store.
    package func volatileStatus() -> WorkerStatus {
        var comparing = comparisonTotals
        comparing.bytes = comparisonTally.bytes
        return WorkerStatus(
            breaker: breaker.state, breakerUntil: breaker.openUntil, push: pushFigures, pull: pullFigures, comparing: comparing,
            rateLevel: requests?.level(at: surroundings.time.monotonicNanoseconds()), connected: capabilities != nil,
            keepsClocks: capabilities?.keepsClocks ?? false)
    }

    package var knownCapabilities: Capabilities? { capabilities }

    /// Asks the channel what it can do, once per connection, and meets its generation.
    func connect() async throws(ChannelError) -> Capabilities {
        if let capabilities { return capabilities }
        try await admit()
        let found = try await adapter.capabilities()
        let id = self.id
        let actor = found.actorName.flatMap { ActorIdentity($0) }
        if found.actorName != nil, actor == nil {
            throw .malformed(reason: "capabilities.actor is not role:name:incarnation")
        }
        do throws(StoreError) {
            let another = try await store.write { writing throws(StoreError) in
                try writing.meetChannel(id, generation: found.generation, actor: actor)
            }
            if another { events.emit(.observing(id, pages: 0, done: false)) }
        } catch {
            throw .malformed(reason: error.description)
        }
        capabilities = found
        if requests == nil, let rate = found.requestsPerSecond {
            requests = TokenBucket(rate: rate, burst: max(1, rate))
        }
        events.emit(.connected(id, keepsClocks: found.keepsClocks))
        return found
    }

    /// Runs one exchange with what follows from it; alone, where the channel keeps no clocks.
    ///
    /// Such a channel's page, read while a push lands and taken up after it, would show the
    /// value from before and look like an edit.
    func exchange<T>(
        _ capabilities: Capabilities, _ body: () async throws(ChannelError) -> T
    ) async throws(ChannelError) -> T {
        guard !capabilities.keepsClocks else { return try await body() }
        await withCheckedContinuation { turns.take($0) }
        defer { turns.pass() }
        return try await body()
    }

    /// Waits until the channel's own request limit lets one more request through.
    func admit() async throws(ChannelError) {
        while let wait = requests?.take(at: surroundings.time.monotonicNanoseconds()) {
            do { try await surroundings.time.sleep(for: wait) } catch { throw .cancelled }
        }
    }

    /// The channel's record, if it is to be worked on now.
    func activeRecord() async throws(StoreError) -> ChannelRecord? {
        let id = self.id
        let record = try await store.read { reading throws(StoreError) in try reading.channel(id) }
        guard let record, record.state == .active else { return nil }
        return record
    }

    func halt(_ reason: String) async {
        let id = self.id
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                try writing.setChannel(id, state: .halted, reason: reason)
                try writing.audit(principal: "engine", action: "halt", subject: "channel/\(id)", detail: reason)
            }
            events.emit(.halted(id, reason: reason))
        } catch {
            events.emit(.storeFailed(error.description))
        }
    }

    func requestResync(_ reason: String) async {
        let id = self.id
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                try writing.resyncChannel(id)
                try writing.audit(principal: "engine", action: "resync", subject: "channel/\(id)", detail: reason)
            }
            capabilities = nil
            events.emit(.observing(id, pages: 0, done: false))
        } catch {
            events.emit(.storeFailed(error.description))
        }
    }

    func wait(_ duration: Duration, beyond seen: Int64? = nil) async {
        if let seen {
            await signal.wait(beyond: seen, timeout: duration)
        } else {
            // Cancelled: the loop's own check ends it.
            do { try await surroundings.time.sleep(for: duration) } catch { return }
        }
    }
}

/// What one loop of a worker did last.
package struct LoopFigures: Sendable {
    package var requests = 0
    package var failures = 0
    package var units = 0
    package var inFlight = 0
    package var lastSuccess: Timestamp?
    package var lastError: String?
    package var nextAttempt: Timestamp?
}

/// What comparing a channel has cost it since its worker began.
package struct ComparisonTotals: Hashable, Sendable {
    package var requests = 0
    /// Listings that came across whole.
    package var listings = 0
    /// Sent and received.
    package var bytes: Int64 = 0

    package init() {}
}

/// The part of a channel's status that lives only in its worker.
package struct WorkerStatus: Sendable {
    package let breaker: BreakerState
    package let breakerUntil: Timestamp?
    package let push: LoopFigures
    package let pull: LoopFigures
    package var comparing = ComparisonTotals()
    /// How much of the request budget is left, 0 to 1; nil when there is no limit.
    package let rateLevel: Double?
    package let connected: Bool
    package let keepsClocks: Bool
}
