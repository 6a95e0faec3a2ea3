import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension ChannelWorker {
    func pullLoop() async {
        while !Task.isCancelled {
            let seen = hinted.value
            var wait = settings.pullEvery
            var isAsked = false
            do throws(StoreError) {
                if let pause = try await pullTurn() { (wait, isAsked) = (pause.wait, pause.isAsked) }
            } catch {
                events.emit(.storeFailed(error.description))
                wait = .seconds(1)
            }
            pullFigures.nextAttempt = surroundings.time.now() + wait
            if hints.isEmpty, !isAsked {
                await self.wait(wait, hintsBeyond: seen)
            } else {
                // They could not be read now: paused, dark, broken or told to wait. No reason to ask without a pause.
                await self.wait(wait)
            }
        }
    }

    private func wait(_ duration: Duration, hintsBeyond seen: Int64) async {
        // Not by the wall clock: set back, it would make this a wait of as long.
        let until = surroundings.time.monotonicNanoseconds() + UInt64(max(0, duration.milliseconds)) * 1_000_000
        var seen = seen
        while !Task.isCancelled, hints.isEmpty {
            let now = surroundings.time.monotonicNanoseconds()
            guard now < until else { return }
            await hinted.wait(beyond: seen, timeout: .nanoseconds(Int64(until - now)))
            seen = hinted.value
        }
    }

    /// How long to wait after a failure, and whether the channel itself has asked for that.
    private typealias Pause = (wait: Duration, isAsked: Bool)

    /// - Returns: nil after success.
    private func pullTurn() async throws(StoreError) -> Pause? {
        guard settings.pull || !hints.isEmpty, try await activeRecord() != nil else { return nil }
        // While the channel is observed, or where nothing is pushed, no one else finds out that it is back.
        guard breaker.allows(at: surroundings.time.now()) else { return nil }
        do throws(ChannelError) {
            let capabilities = try await connect()
            // Connecting may itself have found another data set, so the record is read again.
            if try await isObserving() { try await observeWholly(capabilities) }
            try await readHinted(capabilities)
            if settings.pull { try await pullPages(capabilities) }
            pullFailures = 0
            breaker.succeeded(at: surroundings.time.now())
            pullFigures.lastSuccess = surroundings.time.now()
            pullFigures.lastError = nil
            return nil
        } catch {
            let wait = await pullFailed(error)
            if case .throttled = error { return (wait, true) }
            return (wait, false)
        }
    }

    private func isObserving() async throws(ChannelError) -> Bool {
        try await stored { () async throws(StoreError) in try await self.activeRecord()?.observing ?? false }
    }

    private func pullPages(_ capabilities: Capabilities) async throws(ChannelError) {
        var vanished = 0
        while !Task.isCancelled {
            let page = try await exchange(capabilities) { () async throws(ChannelError) in
                try await self.pullPage(capabilities)
            }
            guard let page else { return }
            vanished += page.vanished
            if try await brake(vanished) { return }
            if page.complete { return }
        }
    }

    /// - Returns: nil when there is nothing to be done with this channel now.
    private func pullPage(_ capabilities: Capabilities) async throws(ChannelError) -> (vanished: Int, complete: Bool)? {
        guard let record = try await stored({ () async throws(StoreError) in try await self.activeRecord() }) else {
            return nil
        }
        let cursor = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in try reading.cursor(record, .pull) }
        }
        try await admit()
        pullFigures.requests += 1
        let page = try await adapter.pull(after: cursor.remote.map { PullCursor($0) }, limit: flow.pageMax)
        // The first page is asked for without a cursor that a channel put back meanwhile could refuse.
        try check(page.generation, capabilities)
        for fault in page.faults {
            events.emit(.pullFault(id, item: fault.item, field: fault.field, reason: fault.reason))
        }
        let taken = try await take(page.observations, record, capabilities, cursor: page.next)
        return taken.map { ($0.vanished, page.complete) }
    }

    private func readHinted(_ capabilities: Capabilities) async throws(ChannelError) {
        while !hints.isEmpty, !Task.isCancelled {
            let read = try await exchange(capabilities) { () async throws(ChannelError) in
                try await self.readSomeHinted(capabilities)
            }
            guard read else { return }
        }
    }

    /// - Returns: whether anything was read.
    private func readSomeHinted(_ capabilities: Capabilities) async throws(ChannelError) -> Bool {
        let batch = hints.next(limit: 100)
        guard let record = try await stored({ () async throws(StoreError) in try await self.activeRecord() }) else {
            return false
        }
        try await admit()
        pullFigures.requests += 1
        let observations = try await adapter.read(batch.entities)
        try await check(observations, capabilities)
        let done = hints.done(with: batch)
        guard try await take(observations, record, capabilities, cursor: nil, callbacks: done) != nil else { return false }
        hints.remove(batch)
        for item in done { events.emit(.inboxApplied(id, item: item.number)) }
        return true
    }

    /// Looks at everything the channel holds before anything is pushed to it.
    private func observeWholly(_ capabilities: Capabilities) async throws(ChannelError) {
        var position: String?
        var pages = 0
        var listed: [RemoteRef] = []
        repeat {
            guard let record = try await stored({ () async throws(StoreError) in try await self.activeRecord() }), record.observing else { return }
            try await admit()
            pullFigures.requests += 1
            let page = try await adapter.enumerate(after: position, limit: flow.pageMax)
            try check(page.generation, capabilities)
            _ = try await take(page.observations, record, capabilities, cursor: nil)
            if surroundings.planted == .deletesUnlisted { listed += page.observations.map(\.entity) }
            position = page.next
            pages += 1
        } while position != nil && !Task.isCancelled
        guard !Task.isCancelled else { return }
        // Put back from a backup between two pages, what was listed is half of one data set and half of another.
        try await admit()
        guard try await adapter.capabilities().generation == capabilities.generation else {
            throw .resyncNeeded(reason: "it became another data set while it was listed")
        }
        let id = self.id
        if surroundings.planted == .deletesUnlisted { try await deleteAll(but: listed) }
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in try writing.finishObserving(id) }
        }
        events.emit(.observing(id, pages: pages, done: true))
        signal.bump()
    }

    /// The planted mistake: believes one listing that what it leaves out is gone.
    private func deleteAll(but listed: [RemoteRef]) async throws(ChannelError) {
        let id = self.id
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                let record = try writing.reading.requireChannel(id)
                for (_, entity) in try writing.reading.entities(after: 0, limit: 1_000) {
                    guard try !listed.contains(writing.reading.remote(entity, of: record)) else { continue }
                    for change in try writing.reading.heads(entity) where change.live != nil {
                        _ = try writing.apply(UnitWrite(change.unit, nil, author: "engine", origin: .channel))
                    }
                }
            }
        }
    }

    struct Taken: Sendable {
        var applied = 0
        var vanished = 0
        var events: [EngineEvent] = []
    }

    /// Takes up observations and the cursor behind them in one transaction.
    ///
    /// - Returns: nil when the channel's pull cursor was reset meanwhile, so nothing was written.
    private func take(
        _ observations: [Observation], _ record: ChannelRecord, _ capabilities: Capabilities, cursor: PullCursor?,
        callbacks: [InboxItem] = []
    ) async throws(ChannelError) -> Taken? {
        let taken = try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) -> Taken? in
                // A resync that came in between has made this page's cursor meaningless.
                guard try writing.isCurrent(record) else { return nil }
                let taken = try Intake(writing, channel: record, capabilities: capabilities).take(observations)
                if let cursor { try writing.setPullCursor(record, cursor.text) }
                for item in callbacks { try writing.markApplied(item) }
                return taken
            }
        }
        guard let taken else { return nil }
        for event in taken.events { events.emit(event) }
        pullFigures.units += taken.applied
        if !observations.isEmpty {
            events.emit(.pulled(id, observations: observations.count, applied: taken.applied))
        }
        return taken
    }

    /// Stops a channel of which suspiciously much has vanished; nothing is deleted on its word.
    private func brake(_ vanished: Int) async throws(ChannelError) -> Bool {
        guard vanished > flow.vanishedMax else { return false }
        let total = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                try reading.entityCounts().reduce(0) { $0 + $1.count }
            }
        }
        guard flow.isSuspicious(vanished: vanished, of: total) else { return false }
        await halt(
            """
            \(vanished) of \(total) entities vanished from it at once; check it, then: heyi channel resume \(id), \
            or, if they were taken down on purpose: heyi reconcile \(id) --accept-deletions
            """)
        return true
    }

    private func pullFailed(_ error: ChannelError) async -> Duration {
        let now = surroundings.time.now()
        pullFigures.lastError = error.description
        switch error {
        case .cancelled: return .seconds(1)
        case .throttled(let asked):
            return asked.map(retry.heeded) ?? retry.wait(afterAttempt: pullFailures + 1, random: surroundings.random)
        case .resyncNeeded(let reason):
            await requestResync(reason)
            return .seconds(1)
        case .gone(let reason):
            await halt("the channel says it is gone: \(reason)")
            return ChannelWorker.idleWait
        case .unreachable, .unknown, .failed, .unauthorized, .rejected, .malformed:
            pullFailures += 1
            pullFigures.failures += 1
            let before = breaker.state
            breaker.failed(at: now, random: surroundings.random)
            if breaker.state != before { events.emit(.breaker(id, breaker.state)) }
            let wait = retry.wait(afterAttempt: pullFailures, random: surroundings.random)
            events.emit(.pullFailed(id, error: error.description, retryAt: now + wait))
            return wait
        }
    }
}
