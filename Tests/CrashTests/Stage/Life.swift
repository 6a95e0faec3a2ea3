import ChannelAdapters
import Commerce
import ConflictResolution
import Foundation
import Simulation
import Store
import SyncEngine

/// One opening of the store with its engine, until it is closed or the power goes.
final class Life: @unchecked Sendable {
    // Unchecked because one thread runs everything in it.
    let outside: Outside
    let disk: FaultyDisk
    let store: Store
    let engine: Engine
    private var task: Task<Void, Never>?

    struct PowerCut: Error {}

    init(_ outside: Outside, on disk: FaultyDisk) throws {
        self.outside = outside
        self.disk = disk
        outside.lives += 1
        let executor = outside.executor
        let surroundings = Surroundings(
            time: executor, random: SeededRandom(seed: outside.seed &+ UInt64(outside.lives)),
            ids: CountingIDs(prefix: "life\(outside.lives)"))
        store = try Store(.directory(disk.path), surroundings: surroundings, disk: disk)
        let events = EventHub()
        if ProcessInfo.processInfo.environment["HEYI_TRACE"] != nil {
            events.listen { event in print(executor.now().milliseconds % 100_000_000, event) }
        }
        engine = Engine(
            store: store, surroundings: surroundings, events: events,
            makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
    }

    /// Lets the engine run and reaches every shop the store knows.
    func start() throws {
        let engine = self.engine
        task = Task(executorPreference: outside.executor) { await engine.run() }
        let known = try read { reading throws(StoreError) in try reading.channels().map(\.id) }
        for id in known { try connect(id.text) }
    }

    /// Ends the engine and closes the store, as far as they still can.
    func end() throws {
        task?.cancel()
        let (task, store) = (self.task, self.store)
        try outside.executor.perform {
            await task?.value
            await store.close()
        }
    }

    /// Reaches a shop anew, as a restarted daemon does.
    func connect(_ id: String) throws {
        guard let shop = outside.shop(id) else { return }
        let wired = WiredChannel(shop, disk: disk, outside: outside)
        let engine = self.engine
        let record = try read { reading throws(StoreError) in try reading.requireChannel(shop.id) }
        let settings = ChannelSettings(json: record.settings)
        try outside.executor.perform { await engine.attach(shop.id, adapter: wired, settings: settings) }
    }

    /// Writes, and says so only while there is power: an answer after that reaches nobody.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (Writing) throws(StoreError) -> T) throws -> T {
        let store = self.store
        let answer = try outside.executor.perform { try await store.write(body) }
        if disk.isCut { throw PowerCut() }
        return answer
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reading) throws(StoreError) -> T) throws -> T {
        let store = self.store
        return try outside.executor.perform { try await store.read(body) }
    }

    func perform<T: Sendable>(_ body: @escaping @Sendable (Store) async throws -> T) throws -> T {
        let store = self.store
        let answer = try outside.executor.perform { try await body(store) }
        if disk.isCut { throw PowerCut() }
        return answer
    }

    func promise(_ what: String, _ holds: @escaping @Sendable (Life) throws -> Bool) { outside.promise(what, holds) }

    /// Promises something the store itself can tell.
    func promise(_ what: String, stored holds: @escaping @Sendable (Reading) throws(StoreError) -> Bool) {
        outside.promise(what) { life in try life.read(holds) }
    }

    /// Lets time pass until everybody is in step, but not for ever.
    func settle(rounds: Int = 10) throws {
        let disk = self.disk
        for _ in 0..<rounds {
            outside.pass(.seconds(3), until: { disk.isCut })
            if disk.isCut { throw PowerCut() }
            if try unsettled().isEmpty { return }
        }
    }

    func wait(_ duration: Duration) throws {
        let disk = self.disk
        outside.pass(duration, until: { disk.isCut })
        if disk.isCut { throw PowerCut() }
    }
}
