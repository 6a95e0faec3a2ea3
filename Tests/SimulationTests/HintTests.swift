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
            let (id, product, json) = (self.id, self.product, settings().json)
            try executor.perform {
                try await store.write { writing throws(StoreError) in
                    try writing.create(product)
                    try writing.putChannel(id, settings: json)
                    let record = try writing.reading.requireChannel(id)
                    let body: JSON = [
                        "type": "changed", "data": ["entities": [["kind": "product", "id": "p1"]]],
                    ]
                    _ = try writing.receive(record, event: "msg_1", body: body.bytes)
                }
            }
            channel.edit(RemoteRef(kind: .product, id: "p1"), brand, ["name": "合一"])

            channel.dark = true
            try live(store, executor, channel, ids: "a")
            #expect(try figures(store, executor) == [.waiting: 1])

            channel.dark = false
            try live(store, executor, channel, ids: "b")
            #expect(try figures(store, executor) == [.applied: 1])
            let unit = UnitRef(product, brand)
            let live = try executor.perform {
                try await store.read { reading throws(StoreError) in try reading.live(unit) }
            }
            #expect(live == ["name": "合一"])
        }
    }
}
