import ChannelAdapters
package import Commerce
import ConflictResolution
package import Store

/// Applies callbacks that were stored before they were answered.
///
/// Effects and the mark "applied" are one transaction, so a crash in between repeats
/// the work and not the effect. One that fails is tried again later and never holds
/// up the next.
package actor InboxWorker {
    nonisolated let executor: EngineExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.serial.asUnownedSerialExecutor() }

    let store: Store
    private let surroundings: Surroundings
    let events: EventHub
    private let retry = RetrySchedule(attemptsMax: 20)
    private var workers: [ChannelID: ChannelWorker] = [:]
    /// How long a worker has to read what a callback named before it is told again.
    private static let handed: Duration = .seconds(300)
    /// Bumped when a callback was stored or replayed.
    package nonisolated let signal: FeedSignal

    package init(store: Store, surroundings: Surroundings, events: EventHub, executor: EngineExecutor) {
        self.store = store
        self.surroundings = surroundings
        self.events = events
        self.executor = executor
        signal = FeedSignal(time: surroundings.time)
    }

    func know(_ id: ChannelID, _ worker: ChannelWorker) { workers[id] = worker }
    func forget(_ id: ChannelID) { workers[id] = nil }

    func run() async {
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in try writing.reclaimInbox() }
        } catch {
            // They come round by themselves, only later.
            events.emit(.storeFailed(error.description))
        }
        while !Task.isCancelled {
            let seen = signal.value
            let wait: Duration
            do throws(StoreError) {
                wait = try await turn()
            } catch {
                events.emit(.storeFailed(error.description))
                wait = .seconds(1)
            }
            if wait > .zero { await signal.wait(beyond: seen, timeout: wait) }
        }
    }

    /// - Returns: how long nothing will be to do, unless the signal says otherwise.
    private func turn() async throws(StoreError) -> Duration {
        let now = surroundings.time.now()
        let items = try await store.read { reading throws(StoreError) in
            try reading.dueInbox(at: now, limit: InboxWorker.turnMax)
        }
        var gathered: [Edits] = []
        for start in stride(from: 0, to: items.count, by: InboxWorker.batchMax) {
            let part = items[start..<min(start + InboxWorker.batchMax, items.count)]
            for (item, message) in zip(part, try await parse(part, besideCommitting: &gathered)) {
                guard !Task.isCancelled else { return .zero }
                if let edits = try await take(item, message, after: &gathered) { gathered.append(edits) }
            }
        }
        try await apply(&gathered)
        guard items.isEmpty else { return .zero }
        let due = try await store.read { reading throws(StoreError) in try reading.nextInboxDue() }
        return max(.milliseconds(1), min(ChannelWorker.idleWait, due.map { $0 - now } ?? ChannelWorker.idleWait))
    }

    /// Items that share a commit, and those read at once: while the first are committed the next are parsed.
    private static let batchMax = 256
    private static let turnMax = 2 * batchMax

    private typealias Parsed = Result<CallbackMessage, ChannelError>

    private func parse(
        _ items: ArraySlice<InboxItem>, besideCommitting gathered: inout [Edits]
    ) async throws(StoreError) -> [Parsed] {
        guard !gathered.isEmpty else { return InboxWorker.parse(items) }
        let (batch, store) = (gathered, self.store)
        gathered = []
        async let results = InboxWorker.commit(batch, store)
        let messages = InboxWorker.parse(items)
        try note(batch, await results)
        return messages
    }

    private static func parse(_ items: ArraySlice<InboxItem>) -> [Parsed] {
        items.map { item in
            do throws(ChannelError) { return .success(try CallbackMessage.parse(item.body)) } catch { return .failure(error) }
        }
    }

    /// A callback that carries edits, parsed, waiting to be applied together with its neighbours.
    private struct Edits: Sendable {
        let item: InboxItem
        let observations: [Observation]
        let faults: [PullFault]
        let capabilities: Capabilities
    }

    /// Applies what was gathered, each callback whole or not at all, all of them by the same fsync.
    private func apply(_ gathered: inout [Edits]) async throws(StoreError) {
        let batch = gathered
        gathered = []
        try note(batch, await InboxWorker.commit(batch, store))
    }

    private static func commit(_ batch: [Edits], _ store: Store) async -> [Result<[EngineEvent], StoreError>] {
        await store.writeEach(batch) { writing, edits throws(StoreError) in
            let channel = try writing.reading.requireChannel(edits.item.channel)
            let taken = try Intake(writing, channel: channel, capabilities: edits.capabilities).take(edits.observations)
            try writing.markApplied(edits.item)
            return taken.events
        }
    }

    /// Tells what became of a batch.
    private func note(_ batch: [Edits], _ results: [Result<[EngineEvent], StoreError>]) throws(StoreError) {
        var failure: StoreError?
        for (edits, result) in zip(batch, results) {
            switch result {
            case .success(let emitted):
                for event in emitted { events.emit(event) }
                for fault in edits.faults {
                    events.emit(.refused(edits.item.channel, item: fault.item, field: fault.field, reason: fault.reason))
                }
                events.emit(.inboxApplied(edits.item.channel, item: edits.item.number))
            case .failure(let error): failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Deals with one item, or returns it for the next common commit; what came before it is applied first.
    private func take(
        _ item: InboxItem, _ parsed: Parsed, after gathered: inout [Edits]
    ) async throws(StoreError) -> Edits? {
        let message: CallbackMessage
        do throws(ChannelError) {
            message = try parsed.get()
        } catch {
            try await fail(item, error.description, final: true)
            return nil
        }
        switch message {
        case .deltas(let observations, let faults):
            if observations.isEmpty, let fault = faults.first {
                try await fail(item, "\(fault.item) \(fault.field): \(fault.reason)", final: true)
                return nil
            }
            if let neighbour = gathered.last, neighbour.item.channel == item.channel {
                return Edits(item: item, observations: observations, faults: faults, capabilities: neighbour.capabilities)
            }
            return Edits(
                item: item, observations: observations, faults: faults,
                capabilities: await capabilities(of: item.channel))
        case .changed(let entities):
            try await apply(&gathered)
            try await hand(entities, item)
            return nil
        case .sold(let report):
            try await apply(&gathered)
            try await book(report, item)
            return nil
        case .orders(let reports):
            try await apply(&gathered)
            try await book(reports, item)
            return nil
        }
    }

    /// Has the channel's worker read what a callback says has changed.
    private func hand(_ entities: [RemoteRef], _ item: InboxItem) async throws(StoreError) {
        guard let worker = workers[item.channel] else {
            return try await fail(item, "the channel is not connected; its hints wait", final: false)
        }
        // The worker marks it applied with what it read, so no crash in between forgets the hint.
        let due = surroundings.time.now() + InboxWorker.handed
        let planted = surroundings.planted
        try await store.write { writing throws(StoreError) in
            if entities.isEmpty || planted == .forgetsHints {
                try writing.markApplied(item)
            } else {
                try writing.postpone(item, until: due)
            }
        }
        if !entities.isEmpty { return await worker.hint(entities, from: item) }
        events.emit(.inboxApplied(item.channel, item: item.number))
    }

    func capabilities(of id: ChannelID) async -> Capabilities {
        if let known = await workers[id]?.knownCapabilities { return known }
        // Deltas that carry clocks say so themselves; for the rest the shadow answers.
        return Capabilities(keepsClocks: false, comparesAndSwaps: false, recognisesKeys: false, batchMax: 1)
    }

    func fail(_ item: InboxItem, _ error: String, final: Bool) async throws(StoreError) {
        let dead = final || item.attempts + 1 >= retry.attemptsMax
        let wait = retry.wait(afterAttempt: item.attempts + 1, random: surroundings.random)
        let retryAt = dead ? nil : surroundings.time.now() + wait
        try await store.write { writing throws(StoreError) in
            try writing.markFailed(item, error: error, retryAt: retryAt)
        }
        events.emit(.inboxFailed(item.channel, item: item.number, error: error, dead: dead))
    }
}
