import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// A channel, or the hub, that is put back at an awkward moment.
@Suite struct AnotherDataSetTests {
    private static let id = ChannelID("web")!
    private static let brand = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("brand")!)
    private static let tags = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("tags")!)
    private static let remote = RemoteRef(kind: .product, id: "p1")

    private static func surroundings(_ executor: SeededExecutor, _ ids: String) -> Surroundings {
        Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: ids))
    }

    private static func store(_ executor: SeededExecutor) throws -> Store {
        let store = try Store(.memory, surroundings: surroundings(executor, "s"))
        let (id, json) = (id, ChannelSettings().json)
        try executor.perform {
            _ = try await store.write { writing throws(StoreError) in try writing.putChannel(id, settings: json) }
        }
        return store
    }

    private static func write(_ name: String, to store: Store, _ executor: SeededExecutor) throws {
        let brand = brand
        try executor.perform {
            _ = try await store.write { writing throws(StoreError) in
                try writing.create(brand.entity)
                return try writing.apply(UnitWrite(brand, ["name": .string(name)], author: "t", origin: .api))
            }
        }
    }

    private static func live(_ store: Store, _ executor: SeededExecutor) throws -> JSON? {
        let brand = brand
        return try executor.perform {
            try await store.read { reading throws(StoreError) in try reading.live(brand) }
        }
    }

    /// A life of the engine on a store.
    private static func play(
        _ store: Store, _ executor: SeededExecutor, _ channel: any ChannelAdapter, _ ids: String,
        meanwhile: () throws -> Void = {}
    ) throws {
        let engine = Engine(
            store: store, surroundings: surroundings(executor, ids), events: EventHub(),
            makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
        let task = Task(executorPreference: executor) { await engine.run() }
        let id = id
        try executor.perform { await engine.attach(id, adapter: channel, settings: ChannelSettings()) }
        _ = executor.pump(limit: .seconds(20), until: { false })
        try meanwhile()
        engine.inbox.signal.bump()
        _ = executor.pump(limit: .seconds(300), until: { false })
        task.cancel()
        try executor.perform { await task.value }
    }

    /// Without a cursor of its own there is nothing the other shop could refuse.
    @Test(arguments: [true, false])
    func `a shop exchanged before it was first asked for changes is met anew`(keepsClocks: Bool) async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let store = try AnotherDataSetTests.store(executor)
            try AnotherDataSetTests.write("一", to: store, executor)
            let shop = SimulatedChannel(
                id: AnotherDataSetTests.id, keepsClocks: keepsClocks, time: executor, random: SeededRandom(seed: 2))
            let channel = StagedChannel(shop)
            channel.beforeFirstPull = { () async throws(ChannelError) in
                // Whatever was pushed by then is gone with the old shop.
                do { try await executor.sleep(for: .seconds(20)) } catch { throw .cancelled }
                shop.relink()
            }
            try AnotherDataSetTests.play(store, executor, channel, "a")
            #expect(shop.value(AnotherDataSetTests.remote, AnotherDataSetTests.brand.unit) == ["name": "一"])
        }
    }

    /// What its old life wrote is in its clocks for ever, and nobody will tell of it by a dot.
    @Test(arguments: [false, true])
    func `a shop put back to a time when it had edits nobody had heard of comes in step`(editsAgain: Bool) async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let store = try AnotherDataSetTests.store(executor)
            let (remote, unit) = (AnotherDataSetTests.remote, AnotherDataSetTests.brand.unit)
            let shop = SimulatedChannel(
                id: AnotherDataSetTests.id, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            try AnotherDataSetTests.write("一", to: store, executor)
            try AnotherDataSetTests.play(store, executor, shop, "a")
            shop.edit(remote, unit, ["name": "二"])
            let kept = shop.backup()
            shop.edit(remote, unit, ["name": "三"])
            shop.rewind(to: kept)
            if editsAgain { shop.edit(remote, unit, ["name": "四"]) }
            let last: JSON = ["name": editsAgain ? "四" : "二"]
            try AnotherDataSetTests.play(store, executor, shop, "b")
            #expect(try AnotherDataSetTests.live(store, executor) == last)
            #expect(shop.value(remote, unit) == last)

            try AnotherDataSetTests.write("五", to: store, executor)
            let before = shop.ledger.requests
            try AnotherDataSetTests.play(store, executor, shop, "c")
            #expect(shop.value(remote, unit) == ["name": "五"])
            #expect(shop.ledger.requests - before < 200)
        }
    }

    /// The old shop's writes were never to be seen in the new one: tags of both stay.
    @Test func `an edit at an exchanged shop without clocks replaces nothing the shop before it wrote`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let store = try AnotherDataSetTests.store(executor)
            let (remote, tags) = (AnotherDataSetTests.remote, AnotherDataSetTests.tags)
            let shop = SimulatedChannel(
                id: AnotherDataSetTests.id, keepsClocks: false, time: executor, random: SeededRandom(seed: 2))
            try AnotherDataSetTests.write("一", to: store, executor)
            try AnotherDataSetTests.play(store, executor, shop, "a")
            shop.edit(remote, tags.unit, ["old"])
            try AnotherDataSetTests.play(store, executor, shop, "b")
            shop.relink()
            shop.edit(remote, tags.unit, ["new"])
            try AnotherDataSetTests.play(store, executor, shop, "c")
            #expect(shop.value(remote, tags.unit) == ["old", "new"])
        }
    }

    /// It shows what it once agreed on, so it has seen that, and may take from it.
    @Test func `an edit at a shop that was put back replaces what the shop shows`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let store = try AnotherDataSetTests.store(executor)
            let (remote, tags) = (AnotherDataSetTests.remote, AnotherDataSetTests.tags)
            let shop = SimulatedChannel(
                id: AnotherDataSetTests.id, keepsClocks: false, time: executor, random: SeededRandom(seed: 2))
            try AnotherDataSetTests.write("一", to: store, executor)
            try AnotherDataSetTests.play(store, executor, shop, "a")
            shop.edit(remote, tags.unit, ["first"])
            try AnotherDataSetTests.play(store, executor, shop, "b")
            shop.rewind(to: shop.backup())
            try AnotherDataSetTests.play(store, executor, shop, "c")
            shop.edit(remote, tags.unit, ["second"])
            try AnotherDataSetTests.play(store, executor, shop, "d")
            #expect(shop.value(remote, tags.unit) == ["second"])
        }
    }

    /// The callback comes before anybody has asked which data set it is.
    @Test func `what a shop put back wrote is not sent back to it when only a callback told of it`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let store = try AnotherDataSetTests.store(executor)
            let (id, remote, brand) = (AnotherDataSetTests.id, AnotherDataSetTests.remote, AnotherDataSetTests.brand)
            let shop = SimulatedChannel(id: id, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            try AnotherDataSetTests.write("一", to: store, executor)
            try AnotherDataSetTests.play(store, executor, shop, "a") {
                shop.rewind(to: shop.backup())
                shop.edit(remote, brand.unit, ["name": "二"])
                let body: JSON = ["type": "changed", "data": ["entities": [["kind": "product", "id": "p1"]]]]
                try executor.perform {
                    try await store.write { writing throws(StoreError) in
                        _ = try writing.receive(writing.reading.requireChannel(id), event: "msg_1", body: body.bytes)
                    }
                }
            }
            #expect(shop.ledger.breaches.isEmpty)
            #expect(shop.value(remote, brand.unit) == ["name": "二"])
            #expect(try AnotherDataSetTests.live(store, executor) == ["name": "二"])
        }
    }

    /// It ignores what the restored hub sends, as late, and is asked what it holds.
    @Test func `a channel whose listing lagged behind when the hub was restored is in step all the same`() async throws {
        try await onOwnThread {
            let executor = SeededExecutor(seed: 3)
            let store = try AnotherDataSetTests.store(executor)
            let shop = SimulatedChannel(
                id: AnotherDataSetTests.id, keepsClocks: true, time: executor, random: SeededRandom(seed: 2))
            let channel = StagedChannel(shop)
            try AnotherDataSetTests.write("一", to: store, executor)
            try AnotherDataSetTests.play(store, executor, channel, "a")
            let backup = try store.image(restored: false, surroundings: AnotherDataSetTests.surroundings(executor, "b"))
            let before = try executor.perform { try await shop.enumerate(after: nil, limit: 100) }
            try AnotherDataSetTests.write("二", to: store, executor)
            try AnotherDataSetTests.play(store, executor, channel, "c")
            #expect(shop.value(AnotherDataSetTests.remote, AnotherDataSetTests.brand.unit) == ["name": "二"])

            let restored = try backup.image(restored: true, surroundings: AnotherDataSetTests.surroundings(executor, "d"))
            channel.listing = before
            try AnotherDataSetTests.play(restored, executor, channel, "e")
            let held = shop.value(AnotherDataSetTests.remote, AnotherDataSetTests.brand.unit)
            #expect(try AnotherDataSetTests.live(restored, executor) == held)

            try AnotherDataSetTests.write("三", to: restored, executor)
            try AnotherDataSetTests.play(restored, executor, channel, "f")
            #expect(shop.value(AnotherDataSetTests.remote, AnotherDataSetTests.brand.unit) == ["name": "三"])
        }
    }
}

/// A channel to which something happens at a moment a test chooses.
private final class StagedChannel: ChannelAdapter, @unchecked Sendable {
    // Unchecked because one thread runs the test it lives in.
    private let inner: SimulatedChannel
    var beforeFirstPull: (() async throws(ChannelError) -> Void)?
    /// What it lists instead of what it holds: a replica behind its primary.
    var listing: EnumerationPage?

    init(_ inner: SimulatedChannel) { self.inner = inner }

    func capabilities() async throws(ChannelError) -> Capabilities { try await inner.capabilities() }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer { try await inner.push(batch) }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] { try await inner.read(entities) }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        if let happens = beforeFirstPull {
            beforeFirstPull = nil
            try await happens()
        }
        return try await inner.pull(after: cursor, limit: limit)
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        if let listing { return listing }
        return try await inner.enumerate(after: position, limit: limit)
    }
}
