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
        try await onOwnThread { try putOff(keepsClocks: true).end() }
    }

    @Test(arguments: [true, false])
    func `a new value does not wait for the next try of one that its channel replaced itself`(keepsClocks: Bool) async throws {
        try await onOwnThread {
            let place = try putOff(keepsClocks: keepsClocks)
            try place.write("三")
            place.rest(.seconds(30))
            #expect(place.held == ["name": "三"])
            try place.end()
        }
    }

    /// A push that is stored and answered with "later", then an edit of the same unit by the shop.
    private func putOff(keepsClocks: Bool) throws -> Place {
        let place = try Place(keepsClocks: keepsClocks) { DenyingChannel($0) }
        try place.write("一")
        // Not long enough for a plain shop to be asked again: its listing would show that the push was stored after all.
        place.rest(.seconds(1))
        #expect(try place.waiting()?.state == .retrying)

        place.edit("二")
        place.rest(.seconds(400))
        #expect(try place.waiting() == nil)
        #expect(place.shop.ledger.breaches.isEmpty)
        #expect(try place.live() == ["name": "二"])
        return place
    }

    @Test func `what a shop put off is tried again once it has written the unit itself`() async throws {
        try await onOwnThread {
            let place = try Place(keepsClocks: false) { $0 }
            place.shop.poison = (place.brand.unit, place.remote, .defers)
            try place.write("一")
            place.rest(.seconds(1_200))
            let waiting = try #require(try place.waiting())
            #expect(waiting.dueAt > place.executor.now() + .seconds(120))

            place.shop.poison = nil
            place.edit("二")
            place.rest(.seconds(90))
            try place.write("三")
            place.rest(.seconds(5))
            #expect(place.held == ["name": "三"])
            try place.end()
        }
    }
}

/// One unit, one channel, and the engine between them.
private struct Place {
    let executor = SeededExecutor(seed: 3)
    let brand = UnitRef(EntityRef(.product, EntityID("p1")!), UnitName("brand")!)
    let remote = RemoteRef(kind: .product, id: "p1")
    let shop: SimulatedChannel
    private let id = ChannelID("web")!
    private let store: Store
    private let task: Task<Void, Never>

    init(keepsClocks: Bool, adapter: (SimulatedChannel) -> any ChannelAdapter) throws {
        let (executor, id, brand) = (executor, id, brand)
        let surroundings = Surroundings(time: executor, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "w"))
        let store = try Store(.memory, surroundings: surroundings)
        let shop = SimulatedChannel(id: id, keepsClocks: keepsClocks, time: executor, random: SeededRandom(seed: 2))
        let engine = Engine(
            store: store, surroundings: surroundings, events: EventHub(),
            makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
        let channel = adapter(shop)
        (self.store, self.shop) = (store, shop)
        task = Task(executorPreference: executor) { await engine.run() }
        try executor.perform {
            try await store.write { writing throws(StoreError) in
                try writing.create(brand.entity)
                _ = try writing.putChannel(id, settings: ChannelSettings().json)
            }
            await engine.attach(id, adapter: channel, settings: ChannelSettings())
        }
    }

    var held: JSON? { shop.value(remote, brand.unit) }

    func write(_ name: String) throws {
        try executor.perform { [store, brand] in
            try await store.write { writing throws(StoreError) in
                _ = try writing.apply(UnitWrite(brand, ["name": .string(name)], author: "t", origin: .api))
            }
        }
    }

    func edit(_ name: String) { shop.edit(remote, brand.unit, ["name": .string(name)]) }

    func rest(_ duration: Duration) { _ = executor.pump(limit: duration, until: { false }) }

    func live() throws -> JSON? { try read { reading throws(StoreError) in try reading.live(brand) } }

    func waiting() throws -> ChannelException? {
        try read { reading throws(StoreError) in try reading.exception(reading.requireChannel(id), brand) }
    }

    private func read<T: Sendable>(_ body: @escaping @Sendable (Reading) throws(StoreError) -> T) throws -> T {
        try executor.perform { [store] in try await store.read(body) }
    }

    func end() throws {
        task.cancel()
        try executor.perform { [task] in await task.value }
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
