import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// What a channel puts off for ever.
@Suite struct GivingUpTests {
    @Test(arguments: [2, 6])
    func `a unit put off longer than the horizon is dead, and a new value revives it`(hours: Int) async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 9)
            let surroundings = Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "g"))
            let store = try Store(.memory, surroundings: surroundings)
            var flow = FlowSettings()
            flow.retry = RetrySchedule(horizon: .seconds(hours * 3_600))
            let engine = Engine(
                store: store, surroundings: surroundings, events: EventHub(), flow: flow,
                makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
            let task = Task(executorPreference: executor) { await engine.run() }
            let web = ChannelID("web")!
            let channel = SimulatedChannel(id: web, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            channel.habits.defersDelta = 1_000
            let brand = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("brand")!)
            func write(_ name: String) throws {
                try executor.perform {
                    _ = try await store.write { writing throws(StoreError) in
                        try writing.create(brand.entity)
                        return try writing.apply(UnitWrite(brand, ["name": .string(name)], author: "t", origin: .api))
                    }
                }
            }
            func state() throws -> ChannelException.State? {
                try executor.perform {
                    try await store.read { reading throws(StoreError) in
                        try reading.exception(reading.requireChannel(web), brand)?.state
                    }
                }
            }
            try write("一")
            try executor.perform {
                var settings = ChannelSettings()
                settings.pullEvery = .seconds(3_600)
                let json = settings.json
                try await store.write { writing throws(StoreError) in _ = try writing.putChannel(web, settings: json) }
                await engine.attach(web, adapter: channel, settings: settings)
            }
            _ = executor.pump(limit: .seconds((hours - 1) * 3_600), until: { false })
            #expect(try state() == .retrying)
            _ = executor.pump(limit: .seconds(2 * 3_600), until: { false })
            #expect(try state() == .dead)

            // A new value, and an operator's word, give it all its tries again.
            try write("二")
            _ = executor.pump(limit: .seconds((hours - 1) * 3_600), until: { false })
            #expect(try state() == .retrying)
            _ = executor.pump(limit: .seconds(2 * 3_600), until: { false })
            #expect(try state() == .dead)
            try executor.perform {
                try await store.write { writing throws(StoreError) in
                    _ = try writing.retryNow(try writing.reading.requireChannel(web), state: .dead)
                }
                engine.wake(web)
            }
            _ = executor.pump(limit: .seconds((hours - 1) * 3_600), until: { false })
            #expect(try state() == .retrying)

            channel.habits.defersDelta = 0
            _ = executor.pump(limit: .seconds(3_600), until: { false })
            #expect(try state() == nil)
            #expect(channel.value(RemoteRef(kind: .product, id: "p1"), brand.unit) == ["name": "二"])
            task.cancel()
            try executor.perform { await task.value }
        }
    }

    @Test func `a unit that makes a channel fail is read back and tried, and dead after the horizon`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 4)
            let surroundings = Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "c"))
            let store = try Store(.memory, surroundings: surroundings)
            var flow = FlowSettings()
            flow.retry = RetrySchedule(horizon: .seconds(4 * 3_600))
            let engine = Engine(
                store: store, surroundings: surroundings, events: EventHub(), flow: flow,
                makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
            let task = Task(executorPreference: executor) { await engine.run() }
            let web = ChannelID("web")!
            let channel = ChokingChannel(
                SimulatedChannel(id: web, keepsClocks: false, time: executor, random: SeededRandom(seed: 2)))
            let brand = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("brand")!)
            func state() throws -> ChannelException.State? {
                try executor.perform {
                    try await store.read { reading throws(StoreError) in
                        try reading.exception(reading.requireChannel(web), brand)?.state
                    }
                }
            }
            try executor.perform {
                var settings = ChannelSettings()
                settings.pullEvery = .seconds(3_600)
                let json = settings.json
                try await store.write { writing throws(StoreError) in
                    _ = try writing.putChannel(web, settings: json)
                    try writing.create(brand.entity)
                    _ = try writing.apply(UnitWrite(brand, ["name": "一"], author: "t", origin: .api))
                }
                await engine.attach(web, adapter: channel, settings: settings)
            }
            _ = executor.pump(limit: .seconds(3 * 3_600), until: { false })
            #expect([.retrying, .unknown].contains(try state()))
            _ = executor.pump(limit: .seconds(3 * 3_600), until: { false })
            #expect(try state() == .dead)
            task.cancel()
            try executor.perform { await task.value }
        }
    }
}

/// Fails at every push, and is well otherwise.
private struct ChokingChannel: ChannelAdapter {
    private let inner: SimulatedChannel

    init(_ inner: SimulatedChannel) { self.inner = inner }

    func capabilities() async throws(ChannelError) -> Capabilities { try await inner.capabilities() }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer { throw .failed(status: 500, reason: "choked") }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] { try await inner.read(entities) }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        try await inner.pull(after: cursor, limit: limit)
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await inner.enumerate(after: position, limit: limit)
    }
}
