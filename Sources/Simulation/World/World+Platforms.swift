import ChannelAdapters
import Commerce
import Mall
import Store

/// The hub's side of payment platforms: it begins and ends with each process, and they do not.
extension World {
    func connect() throws {
        guard let platforms else { return }
        try write { writing throws(StoreError) in
            for platform in platforms.all { try writing.putGateway(platform.id, kind: platform.kind.rawValue) }
        }
        try platforms.begin(store)
    }

    /// Has the clerk of orders at work when a process is killed, so that requests are under way.
    func beginWork() -> Task<String?, Never>? {
        guard platforms != nil, let market else { return nil }
        let store = self.store
        let work = Task(executorPreference: executor) {
            do { try await market.clerk(store).work() } catch { return Optional("\(error)") }
            return nil
        }
        _ = executor.pump(limit: .milliseconds(Int64(random.next() % 1_500))) { false }
        return work
    }

    func endWork(_ process: HubProcess?, _ work: Task<String?, Never>?) throws {
        work?.cancel()
        let fault = try executor.perform {
            await process?.end()
            return await work?.value
        }
        if let fault { violations.append(.stuck("orders: \(fault)")) }
        note(process)
    }

    /// The process ends in order: it takes nothing more, and finishes what it began.
    func leaveWork() throws {
        guard let platforms else { return }
        platforms.door.lead(to: nil)
        let process = platforms.process
        try executor.perform { await process?.end() }
        note(platforms.cut())
    }

    private func note(_ process: HubProcess?) { violations += (process?.faults ?? []).map { .stuck("callbacks: \($0)") } }

    func finishPlatforms() throws {
        guard let platforms else { return }
        try executor.perform { await platforms.finish() }
    }

    /// The hub's clock is put right again.
    func setClock() throws {
        guard let platforms else { return }
        clock.jump(by: platforms.clock.now() - clock.now())
    }

    /// Callbacks come, are done, and what their platforms began is over.
    func drainPlatforms() throws {
        guard let platforms else { return }
        try retryRefunds()
        try executor.perform { await platforms.drain() }
        _ = executor.pump(limit: .seconds(10)) { false }
        try workOff()
    }

    /// Somebody looks after refunds that were refused too often.
    private func retryRefunds() throws {
        try write { writing throws(StoreError) in
            for tried in try writing.reading.refundsWaiting(.refused, limit: 1_000) where tried.lookAt == nil {
                _ = try writing.retryRefund(tried.refund, of: tried.order)
            }
        }
    }

    /// What was answered with success is there once, and nothing is there that was never sent.
    func judgeDoor() throws -> [Violation] {
        guard let platforms else { return [] }
        let items = try read { reading throws(StoreError) in try reading.inbox(limit: 100_000) }
        var found: [Violation] = []
        for platform in platforms.all {
            let own = items.filter { $0.channel == platform.id }
            let events = own.filter { $0.state != .quarantined }.compactMap { platform.event($0.body) }
            let held = Set(own.compactMap { platform.event($0.body) })
            var missed: Set<String> = []
            for one in platforms.door.answered where one.account == platform.id && !held.contains(one.event) && missed.insert(one.event).inserted {
                found.append(.lostWrite("callback \(one.event) of \(platform.id) was answered with success and is not in the inbox"))
            }
            if events.count != Set(events).count { found.append(.doubled("\(platform.id): an event was kept, and done, more than once")) }
            for item in own where platform.isStrange(item.body) {
                found.append(.breach("\(platform.id): inbox item \(item.number) is none of this account's, or altered"))
            }
        }
        return found
    }
}
