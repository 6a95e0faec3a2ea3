import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// A unit that waits to be sent while its channel writes it.
@Suite struct WaitingEchoTests {
    @Test func `what a channel wrote itself is not sent back to it for having waited before`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let surroundings = Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "w"))
            let store = try Store(.memory, surroundings: surroundings)
            let id = ChannelID("web")!
            let brand = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("brand")!)
            let shop = SimulatedChannel(id: id, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            let channel = DenyingChannel(shop)
            let engine = Engine(
                store: store, surroundings: surroundings, events: EventHub(),
                makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
            let task = Task(executorPreference: executor) { await engine.run() }
            try executor.perform {
                try await store.write { writing throws(StoreError) in
                    try writing.create(brand.entity)
                    _ = try writing.putChannel(id, settings: ChannelSettings().json)
                    _ = try writing.apply(UnitWrite(brand, ["name": "一"], author: "t", origin: .api))
                }
                await engine.attach(id, adapter: channel, settings: ChannelSettings())
            }
            func state() throws -> ChannelException.State? {
                try executor.perform {
                    try await store.read { reading throws(StoreError) in
                        try reading.exception(reading.requireChannel(id), brand)?.state
                    }
                }
            }
            _ = executor.pump(limit: .seconds(20), until: { false })
            #expect(try state() == .retrying)

            shop.edit(RemoteRef(kind: .product, id: "p1"), brand.unit, ["name": "二"])
            _ = executor.pump(limit: .seconds(3_600), until: { false })
            #expect(try state() == nil)
            #expect(shop.ledger.breaches.isEmpty)
            let live = try executor.perform {
                try await store.read { reading throws(StoreError) in try reading.live(brand) }
            }
            #expect(live == ["name": "二"])
            task.cancel()
            try executor.perform { await task.value }
        }
    }
}

/// Stores what it is sent, and says that it puts it off.
private struct DenyingChannel: ChannelAdapter {
    private let inner: SimulatedChannel

    init(_ inner: SimulatedChannel) { self.inner = inner }

    func capabilities() async throws(ChannelError) -> Capabilities { try await inner.capabilities() }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        let answer = try await inner.push(batch)
        return PushAnswer(outcomes: answer.outcomes.map { _ in .deferred(retryAfter: .seconds(600)) })
    }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] { try await inner.read(entities) }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        try await inner.pull(after: cursor, limit: limit)
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await inner.enumerate(after: position, limit: limit)
    }
}
