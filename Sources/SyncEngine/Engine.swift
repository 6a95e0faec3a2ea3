package import ChannelAdapters
package import Commerce
package import Store

/// Keeps every channel in step: one worker a channel, one for the inbox.
///
/// Channels come and go while it runs. It owns its workers' tasks: cancelling `run`
/// ends them all, each after the batch it has under way.
package actor Engine {
    nonisolated let executor: EngineExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.serial.asUnownedSerialExecutor() }

    package nonisolated let store: Store
    package nonisolated let events: EventHub
    package nonisolated let surroundings: Surroundings
    private var flow: FlowSettings
    private let makeExecutor: @Sendable (String) -> EngineExecutor
    private var workers: [ChannelID: (worker: ChannelWorker, task: Task<Void, Never>)] = [:]
    /// In a fixed order: who is woken first must not depend on hashing.
    private nonisolated let signals: Guarded<[(id: ChannelID, signal: FeedSignal)]> = Guarded([])
    /// Bumped by every commit: what visiting channels and live views wait on.
    package nonisolated let feedSignal: FeedSignal
    package nonisolated let inbox: InboxWorker

    /// - Parameter makeExecutor: gives each worker, by a label, what it runs on.
    package init(
        store: Store, surroundings: Surroundings, events: EventHub, flow: FlowSettings = FlowSettings(),
        makeExecutor: @escaping @Sendable (String) -> EngineExecutor
    ) {
        self.store = store
        self.surroundings = surroundings
        self.events = events
        self.flow = flow
        self.makeExecutor = makeExecutor
        executor = makeExecutor("heyi.engine")
        feedSignal = FeedSignal(time: surroundings.time)
        inbox = InboxWorker(
            store: store, surroundings: surroundings, events: events, executor: makeExecutor("heyi.inbox"))
        let signals = self.signals
        let feedSignal = self.feedSignal
        store.onCommit { _ in
            feedSignal.bump()
            for signal in signals.value { signal.signal.bump() }
        }
    }

    /// Starts keeping a channel in step, or takes over its new settings and adapter.
    package func attach(_ id: ChannelID, adapter: any ChannelAdapter, settings: ChannelSettings) async {
        await detach(id)
        let worker = ChannelWorker(
            id: id, store: store, adapter: adapter, settings: settings, flow: flow, surroundings: surroundings,
            events: events, executor: makeExecutor("heyi.channel.\(id)"))
        let task = Task(executorPreference: worker.executor.preference) { await worker.run() }
        workers[id] = (worker, task)
        signals.update { $0.append((id, worker.signal)) }
        let inbox = self.inbox
        await inbox.know(id, worker)
    }

    /// Goes by other settings from now on, at every channel.
    package func take(_ flow: FlowSettings) async {
        self.flow = flow
        for id in workers.keys.sorted() { await workers[id]?.worker.take(flow) }
    }

    /// Stops working on a channel and returns when its worker has ended.
    package func detach(_ id: ChannelID) async {
        guard let (_, task) = workers.removeValue(forKey: id) else { return }
        signals.update { signals in signals.removeAll { $0.id == id } }
        await inbox.forget(id)
        task.cancel()
        await task.value
    }

    /// How often each channel is compared as a whole; nil for only when asked to.
    package var reconcileEvery: Duration? { flow.reconcileEvery }

    package func worker(_ id: ChannelID) -> ChannelWorker? { workers[id]?.worker }

    /// Wakes a channel's loops: its state or its queue was changed by hand.
    package nonisolated func wake(_ id: ChannelID) { signals.value.first { $0.id == id }?.signal.bump() }

    /// Applies the inbox until cancelled, then ends every worker.
    package func run() async {
        await inbox.run()
        // All are told before the first is waited for, and nobody is woken any more.
        signals.update { $0 = [] }
        for id in workers.keys.sorted() { workers[id]?.task.cancel() }
        for id in workers.keys.sorted() { await detach(id) }
    }

    package func workerStatus() async -> [ChannelID: WorkerStatus] {
        var status: [ChannelID: WorkerStatus] = [:]
        for id in workers.keys.sorted() {
            if let worker = workers[id]?.worker { status[id] = await worker.volatileStatus() }
        }
        return status
    }
}
