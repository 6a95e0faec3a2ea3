import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import Store
import SyncEngine
import Synchronization
import TestKit

/// A hub and two shops that sell on their own, joined by the real adapters and routes, in virtual time.
final class StockTown {
    let executor: SeededExecutor
    let store: Store
    let shops: [ShopSimulator]
    private let engine: Engine
    private let events = EventHub()
    private let breaches = Breaches()
    private var task: Task<Void, Never>?
    private var told = 0
    static let sku = EntityRef(.sku, EntityID("cup")!)
    static let remote = RemoteRef(kind: .sku, id: "cup")

    init(seed: UInt64 = 1, _ capability: QuantityCapability, planted: StockFault? = nil) throws {
        let executor = SeededExecutor(seed: seed)
        self.executor = executor
        let surroundings = Surroundings(
            time: executor, random: SeededRandom(seed: seed &+ 1), ids: CountingIDs(prefix: "s"), plantedInStock: planted)
        store = try Store(.memory, surroundings: surroundings)
        engine = Engine(
            store: store, surroundings: surroundings, events: events,
            makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
        var dials = Dials()
        dials.quantities = capability
        dials.takesOrders = true
        shops = ["web", "app"].map { name in
            var own = dials
            own.seed = seed &* 31 &+ UInt64(name.utf8.first ?? 0)
            return ShopSimulator(
                channel: ChannelID(name)!, face: .deltaWithClocks, incarnation: "77aa", dials: own, time: executor)
        }
        let (store, engine, shops) = (self.store, self.engine, self.shops)
        let settings = Self.settings
        let secret = "whsec_dGhlIHNlY3JldCBvZiBhIHNob3Agb24gbG9vcGJhY2s="
        let transport = try SimulatedTransport(
            Dictionary(uniqueKeysWithValues: shops.map { ("\($0.channel).test", .init($0, secrets: [secret])) }), time: executor)
        events.listen { [breaches] event in
            if case .breached(_, _, _, let units, _) = event { breaches.add(units) }
        }
        task = Task(executorPreference: executor) { await engine.run() }
        try executor.perform {
            try await store.write { writing throws(StoreError) in
                try writing.create(Self.sku)
                for shop in shops {
                    let record = try writing.putChannel(shop.channel, settings: settings.json)
                    // It is shown its right and nothing else.
                    try writing.setPublishingPolicy(try Self.rightAlone(), of: record.id, sku: nil)
                }
            }
            for shop in shops {
                let adapter = try DeltaAdapter(
                    endpoint: ChannelEndpoint(url: "http://\(shop.channel).test", secrets: [Secret(secret)], addresses: .privateToo),
                    transport: transport, time: executor)
                await shop.edit(Self.remote, UnitName("tags")!, [])
                await engine.attach(shop.channel, adapter: adapter, settings: settings)
            }
        }
        pass(.seconds(30))
    }

    /// Pulled from it is nothing here, so that months of virtual time cost little.
    private static var settings: ChannelSettings {
        var settings = ChannelSettings()
        settings.pull = false
        return settings
    }

    private static func rightAlone() throws(StoreError) -> PublishingPolicy {
        do throws(ValidationFailure) { return try PublishingPolicy(share: 0) } catch { throw .invalid(error) }
    }

    private final class Breaches: Sendable {
        private let held = Mutex<[Int64]>([])
        var units: [Int64] { held.withLock { $0 } }
        func add(_ units: Int64) { held.withLock { $0.append(units) } }
    }

    /// Lets time pass, and everybody act.
    func pass(_ duration: Duration) { _ = executor.pump(limit: duration, until: { false }) }

    func end() throws {
        let (task, store) = (self.task, self.store)
        task?.cancel()
        try executor.perform { await task?.value }
        try executor.perform { await store.close() }
    }

    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (Writing) throws(StoreError) -> T) throws -> T {
        let store = self.store
        return try executor.perform { try await store.write(body) }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reading) throws(StoreError) -> T) throws -> T {
        let store = self.store
        return try executor.perform { try await store.read(body) }
    }

    func receive(_ units: Int64, _ cause: String = "po-1", keeping safety: Int64 = 0) throws {
        let orders = [StockOrder.Act.receive(units)] + (safety > 0 ? [.protect(safety)] : [])
        for (index, act) in orders.enumerated() {
            let order = try StockOrder(act, of: Self.sku, cause: StockCause("\(cause)/\(index)"), author: "t", reason: "r")
            try write { writing throws(StoreError) in try writing.move(order) }
        }
    }

    @discardableResult
    func grant(_ units: Int64, to shop: Int, _ cause: String) throws -> StockOutcome {
        let (channel, cause) = (shops[shop].channel, try StockCause(cause))
        return try write { writing throws(StoreError) in
            try writing.grant(units, of: Self.sku, to: channel, cause: cause, author: "t")
        }
    }

    @discardableResult
    func withdraw(_ units: Int64, from shop: Int, _ cause: String) throws -> StockOutcome {
        let (channel, cause) = (shops[shop].channel, try StockCause(cause))
        return try write { writing throws(StoreError) in try writing.withdraw(units, of: Self.sku, from: channel, cause: cause) }
    }

    func turn(_ shop: Int, _ turn: @escaping @Sendable (inout Dials) -> Void) throws {
        let shop = shops[shop]
        try executor.perform { await shop.turn(turn) }
    }

    /// - Returns: whether it had as many, or sells what it does not have.
    @discardableResult
    func sell(_ units: Int64, at shop: Int) throws -> Bool {
        let shop = shops[shop]
        return try executor.perform { await shop.sell(Self.remote, units) != nil }
    }

    func shelf(_ shop: Int) throws -> Int64 {
        let shop = shops[shop]
        return try executor.perform { await shop.shelf[Self.remote] ?? 0 }
    }

    /// The shop's orders reach the hub as the callbacks they are.
    func tellOrders(of shop: Int) throws {
        let (shop, store) = (shops[shop], self.store)
        let first = told
        told = try executor.perform {
            var number = first
            for order in await shop.untoldOrders() {
                number += 1
                let (event, body) = ("e\(number)", order.message.bytes)
                try await store.write { writing throws(StoreError) in
                    _ = try writing.receive(try writing.reading.requireChannel(shop.channel), event: event, body: body)
                }
            }
            return number
        }
        engine.inbox.signal.bump()
    }

    /// What a shop says became of its orders reaches the hub as a callback.
    func tell(_ message: JSON, from shop: Int, as event: String) throws {
        let (shop, store, body) = (shops[shop], self.store, message.bytes)
        try executor.perform {
            try await store.write { writing throws(StoreError) in
                _ = try writing.receive(try writing.reading.requireChannel(shop.channel), event: event, body: body)
            }
        }
        engine.inbox.signal.bump()
    }

    /// How a shop's order stands there, as the hub told it.
    func standing(_ order: String, at shop: Int) throws -> JSON? {
        let shop = shops[shop]
        return try executor.perform { await shop.standings().first { $0["order"]?.string == order } }
    }

    var balance: StockBalance {
        get throws {
            let now = executor.now()
            return try read { reading throws(StoreError) in try reading.stockLevels(Self.sku, at: now).first?.balance ?? StockBalance() }
        }
    }

    /// Units sold beyond rights, by what was raised.
    var raised: [Int64] { breaches.units }

    var sold: Int64 {
        get throws {
            let shops = self.shops
            return try executor.perform {
                var sum: Int64 = 0
                for shop in shops { sum += await shop.orders.reduce(0) { $0 + $1.quantity } }
                return sum
            }
        }
    }

    /// What does not fit together.
    var amiss: [String] {
        get throws {
            let shops = self.shops
            let doubled = try executor.perform {
                var found: [String] = []
                for shop in shops { found += await shop.doubledEffects }
                return found
            }
            return try read { reading throws(StoreError) in try reading.examine().map { "\($0.subject): \($0.problem)" } }
                + doubled.map { "\($0) acted twice" }
        }
    }
}
