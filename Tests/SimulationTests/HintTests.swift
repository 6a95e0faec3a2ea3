import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// Callbacks that only say what changed, and the reads that follow from them.
@Suite struct HintTests {
    private let id = ChannelID("web")!
    private let product = EntityRef(.product, EntityID("p1")!)
    private let brand = UnitName("brand")!

    private func engine(_ store: Store, _ executor: SeededExecutor, ids: String) -> Engine {
        Engine(
            store: store,
            surroundings: Surroundings(time: executor, random: SeededRandom(seed: 5), ids: CountingIDs(prefix: ids)),
            events: EventHub(), makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
    }

    private func settings() -> ChannelSettings {
        var settings = ChannelSettings()
        // Never pulled by itself: only a hint makes it be read.
        settings.pull = false
        return settings
    }

    private func figures(_ store: Store, _ executor: SeededExecutor) throws -> [InboxItem.State: Int] {
        try executor.perform {
            try await store.read { reading throws(StoreError) in try reading.inboxFigures() }
        }.counts
    }

    /// A life of the engine, ended as a kill would end it: nothing in memory goes on.
    private func live(
        _ store: Store, _ executor: SeededExecutor, _ channel: SimulatedChannel, ids: String
    ) throws {
        let engine = engine(store, executor, ids: ids)
        let settings = self.settings()
        let task = Task(executorPreference: executor) { await engine.run() }
        try executor.perform { await engine.attach(channel.id, adapter: channel, settings: settings) }
        _ = executor.pump(limit: .seconds(120), until: { false })
        task.cancel()
        try executor.perform { await task.value }
    }

    @Test func `a hint outlives the process that took it`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 7)
            let store = try Store(
                .memory,
                surroundings: Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "s")))
            let channel = SimulatedChannel(
                id: id, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            try prepare(store, executor)
            try hint(store, executor, "msg_1")
            channel.edit(RemoteRef(kind: .product, id: "p1"), brand, ["name": "合一"])

            channel.dark = true
            try live(store, executor, channel, ids: "a")
            #expect(try figures(store, executor) == [.waiting: 1])

            channel.dark = false
            try live(store, executor, channel, ids: "b")
            #expect(try figures(store, executor) == [.applied: 1])
            #expect(try value(store, executor) == ["name": "合一"])
        }
    }

    @Test func `a hint that comes while its product is being read has it read again`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 7)
            let store = try Store(
                .memory,
                surroundings: Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "s")))
            let shop = SimulatedChannel(id: id, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            let remote = RemoteRef(kind: .product, id: "p1")
            try prepare(store, executor)
            let engine = engine(store, executor, ids: "a")
            let (slow, settings) = (SlowReader(inner: shop, executor: executor), self.settings())
            let task = Task(executorPreference: executor) { await engine.run() }
            try executor.perform { await engine.attach(slow.inner.id, adapter: slow, settings: settings) }
            _ = executor.pump(limit: .seconds(1), until: { false })

            shop.edit(remote, brand, ["name": "一"])
            try hint(store, executor, "msg_1")
            engine.inbox.signal.bump()
            _ = executor.pump(limit: .seconds(5), until: { false })
            // The answer with the first value is on its way.
            shop.edit(remote, brand, ["name": "二"])
            try hint(store, executor, "msg_2")
            engine.inbox.signal.bump()
            _ = executor.pump(limit: .seconds(60), until: { false })

            #expect(try value(store, executor) == ["name": "二"])
            #expect(try figures(store, executor) == [.applied: 2])
            task.cancel()
            try executor.perform { await task.value }
        }
    }

    private func prepare(_ store: Store, _ executor: SeededExecutor) throws {
        let (id, product, json) = (self.id, self.product, settings().json)
        try executor.perform {
            try await store.write { writing throws(StoreError) in
                try writing.create(product)
                try writing.putChannel(id, settings: json)
            }
        }
    }

    private func hint(_ store: Store, _ executor: SeededExecutor, _ event: String) throws {
        let id = self.id
        try executor.perform {
            try await store.write { writing throws(StoreError) in
                let body: JSON = ["type": "changed", "data": ["entities": [["kind": "product", "id": "p1"]]]]
                _ = try writing.receive(try writing.reading.requireChannel(id), event: event, body: body.bytes)
            }
        }
    }

    private func value(_ store: Store, _ executor: SeededExecutor) throws -> JSON? {
        let unit = UnitRef(product, brand)
        return try executor.perform {
            try await store.read { reading throws(StoreError) in try reading.live(unit) }
        }
    }
}

/// Answers readings ten seconds after it has looked.
private struct SlowReader: ChannelAdapter {
    let inner: SimulatedChannel
    let executor: SeededExecutor

    func capabilities() async throws(ChannelError) -> Capabilities { try await inner.capabilities() }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer { try await inner.push(batch) }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        let observations = try await inner.read(entities)
        do { try await executor.sleep(for: .seconds(10)) } catch { throw .cancelled }
        return observations
    }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        try await inner.pull(after: cursor, limit: limit)
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await inner.enumerate(after: position, limit: limit)
    }
}
