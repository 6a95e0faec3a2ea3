import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// Pushes of unknown outcome that an operator gave up.
@Suite struct DroppedPushTests {
    private let id = ChannelID("web")!
    private let brand = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("brand")!)

    /// A life of the engine, ended as a kill would end it.
    private func live(
        _ store: Store, _ executor: SeededExecutor, _ channel: SimulatedChannel, pulls: Bool, ids: String,
        onceConnected: () throws -> Void = {}
    ) throws {
        let engine = Engine(
            store: store,
            surroundings: Surroundings(time: executor, random: SeededRandom(seed: 5), ids: CountingIDs(prefix: ids)),
            events: EventHub(), makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
        let task = Task(executorPreference: executor) { await engine.run() }
        var settings = ChannelSettings()
        settings.pull = pulls
        let chosen = settings
        try executor.perform { await engine.attach(channel.id, adapter: channel, settings: chosen) }
        _ = executor.pump(limit: .seconds(20), until: { false })
        try onceConnected()
        _ = executor.pump(limit: .seconds(120), until: { false })
        task.cancel()
        try executor.perform { await task.value }
    }

    @Test(arguments: [true, false], [true, false])
    func `what was given up stays given up, and the next change goes out`(landed: Bool, pulls: Bool) async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 11)
            let store = try Store(
                .memory,
                surroundings: Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "s")))
            let (id, brand) = (self.id, self.brand)
            let channel = SimulatedChannel(id: id, keepsClocks: false, time: executor, random: SeededRandom(seed: 2))
            let held: () -> JSON? = { channel.value(RemoteRef(kind: .product, id: "p1"), brand.unit)?["name"] }
            func write(_ name: String) throws {
                try executor.perform {
                    _ = try await store.write { writing throws(StoreError) in
                        try writing.create(brand.entity)
                        return try writing.apply(UnitWrite(brand, ["name": .string(name)], author: "t", origin: .api))
                    }
                }
            }
            func state() throws -> (exception: ChannelException.State?, live: JSON?, siblings: Int) {
                try executor.perform {
                    try await store.read { reading throws(StoreError) in
                        (
                            try reading.exception(reading.requireChannel(id), brand)?.state,
                            try reading.live(brand)?["name"], try reading.view(brand)?.versions.count ?? 0
                        )
                    }
                }
            }
            let json = ChannelSettings().json
            try executor.perform {
                try await store.write { writing throws(StoreError) in _ = try writing.putChannel(id, settings: json) }
            }
            try write("一")
            try live(store, executor, channel, pulls: pulls, ids: "a")
            #expect(held() == "一")

            try live(store, executor, channel, pulls: pulls, ids: "b") {
                if landed { channel.habits.losesAnswer = 1_000 } else { channel.habits.losesRequest = 1_000 }
                try write("二")
            }
            #expect(try state().exception == .unknown)
            try executor.perform {
                try await store.write { writing throws(StoreError) in
                    try writing.giveUp(writing.reading.requireChannel(id), brand)
                }
            }
            channel.habits = SimulatedChannel.Habits()
            try live(store, executor, channel, pulls: pulls, ids: "c")
            #expect(held() == (landed ? "二" : "一"))
            let after = try state()
            #expect(after.exception == nil && after.live == "二" && after.siblings == 1)

            try write("三")
            try live(store, executor, channel, pulls: pulls, ids: "d")
            let last = try state()
            #expect(held() == "三" && last.exception == nil && last.live == "三" && last.siblings == 1)
        }
    }
}
