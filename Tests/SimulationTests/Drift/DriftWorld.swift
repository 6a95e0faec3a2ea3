import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit

/// One channel of many listings, in step, to be put out of step behind everybody's back.
final class DriftWorld {
    /// What kind of channel is compared.
    enum Face: CaseIterable, Sendable { case clocks, digestsWithoutClocks, listing }

    let executor: SeededExecutor
    let random: SeededRandom
    let store: Store
    let channel: SimulatedChannel
    let products: [EntityRef]
    let flow: FlowSettings
    private(set) var engine: Engine
    private var task: Task<Void, Never>
    private var lives = 0
    /// Puts a unit back to what the channel held before the newest push.
    private var older: [UnitRef: () -> Void] = [:]

    static let brand = UnitName("brand")!
    static let life = UnitName("life")!
    static let text = UnitName("text.en")!

    init(seed: UInt64, face: Face, products count: Int = 120, deletes: ChannelSettings.Deletes = .propose) throws {
        let executor = SeededExecutor(seed: seed)
        self.executor = executor
        random = SeededRandom(seed: seed &* 31 &+ 7)
        store = try Store(
            .memory,
            surroundings: Surroundings(time: executor, random: SeededRandom(seed: seed), ids: CountingIDs(prefix: "s")))
        channel = SimulatedChannel(
            id: ChannelID("web")!, keepsClocks: face == .clocks,
            projection: Projection(rules: [ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 9))]),
            time: executor, random: SeededRandom(seed: seed &+ 2))
        channel.tellsTime = true
        channel.answersDigests = face != .listing
        products = (0..<count).map { EntityRef(.product, EntityID("p\($0)")!) }
        var flow = FlowSettings()
        flow.pageMax = 25
        self.flow = flow
        var settings = ChannelSettings()
        settings.pullEvery = .seconds(600)
        settings.deletes = deletes
        let json = settings.json
        let id = channel.id
        try executor.perform { [store] in
            _ = try await store.write { writing throws(StoreError) in try writing.putChannel(id, settings: json) }
        }
        engine = DriftWorld.engine(store, executor, flow, "e0")
        task = Task {}
        try begin()
        try write("First")
        for product in products {
            for unit in [DriftWorld.brand, DriftWorld.text] {
                older[UnitRef(product, unit)] = channel.snapshot(remote(product), unit)
            }
        }
        try write("Second")
        rest(.seconds(700))
    }

    private static func engine(_ store: Store, _ executor: SeededExecutor, _ flow: FlowSettings, _ ids: String) -> Engine {
        Engine(
            store: store,
            surroundings: Surroundings(time: executor, random: SeededRandom(seed: 5), ids: CountingIDs(prefix: ids)),
            events: EventHub(), flow: flow, makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
    }

    /// Begins a life of the engine.
    private func begin() throws {
        let engine = self.engine
        task = Task(executorPreference: executor) { await engine.run() }
        let channel = self.channel
        try executor.perform { [store] in
            let record = try await store.read { reading throws(StoreError) in try reading.requireChannel(channel.id) }
            await engine.attach(channel.id, adapter: channel, settings: ChannelSettings(json: record.settings))
        }
    }

    /// Ends the engine as a kill would, and begins another life of it.
    func restart() throws {
        try finish()
        lives += 1
        engine = DriftWorld.engine(store, executor, flow, "e\(lives)")
        try begin()
    }

    func finish() throws {
        task.cancel()
        let task = self.task
        try executor.perform { await task.value }
    }

    func rest(_ duration: Duration) { _ = executor.pump(limit: duration, until: { false }) }

    func remote(_ product: EntityRef) -> RemoteRef { RemoteRef(kind: product.kind, id: product.id.text) }

    private func write(_ words: String) throws {
        let products = self.products
        try executor.perform { [store] in
            _ = try await store.write { writing throws(StoreError) in
                for product in products {
                    try writing.create(product)
                    let values: [(UnitName, JSON)] = [
                        (DriftWorld.life, ["state": "live"]),
                        (DriftWorld.brand, ["name": .string("\(words) \(product.id)")]),
                        (DriftWorld.text, ["title": .string("\(words) title of \(product.id)"), "brief": .string(words)]),
                    ]
                    for (unit, value) in values {
                        _ = try writing.apply(UnitWrite(UnitRef(product, unit), value, author: "t", origin: .api))
                    }
                }
            }
        }
        rest(.seconds(60))
    }

    /// Puts the unit back to what it was two pushes ago, version and clock included.
    func revert(_ product: EntityRef, _ unit: UnitName) { older[UnitRef(product, unit)]?() }

    func wipe(_ product: EntityRef) {
        for unit in [DriftWorld.life, DriftWorld.brand, DriftWorld.text] { channel.tamper(remote(product), unit, nil) }
    }

    func reconcile(
        _ order: RoundOrder = RoundOrder(), progress: @escaping @Sendable (RoundFigures) -> Void = { _ in }
    ) throws -> RoundFigures {
        let engine = self.engine
        let id = channel.id
        return try executor.perform {
            guard let worker = await engine.worker(id) else { throw StoreError.notFound("worker of \(id)") }
            return try await worker.reconcile(order) { progress($0) }
        }
    }

    func drift(open: Bool? = nil) throws -> [DriftRecord] {
        try executor.perform { [store] in
            try await store.read { reading throws(StoreError) in try reading.drift(open: open, limit: 10_000) }
        }
    }

    func record() throws -> ChannelRecord {
        let id = channel.id
        return try executor.perform { [store] in
            try await store.read { reading throws(StoreError) in try reading.requireChannel(id) }
        }
    }

    /// Products that are deleted in the master.
    func deleted() throws -> Set<EntityRef> {
        let products = self.products
        return try executor.perform { [store] in
            try await store.read { reading throws(StoreError) in
                var deleted: Set<EntityRef> = []
                for product in products where try reading.live(UnitRef(product, DriftWorld.life))?["state"] == "deleted" {
                    deleted.insert(product)
                }
                return deleted
            }
        }
    }

    func openConflicts() throws -> Int {
        try executor.perform { [store] in
            try await store.read { reading throws(StoreError) in try reading.openConflictCount() }
        }
    }

    /// Units in which channel and master do not agree.
    func differences() throws -> [String] {
        let products = self.products
        let live = try executor.perform { [store] in
            try await store.read { reading throws(StoreError) in
                var live: [UnitRef: JSON] = [:]
                for product in products {
                    for head in try reading.heads(product) { live[head.unit] = try head.liveJSON() }
                }
                return live
            }
        }
        return live.keys.sorted().compactMap { unit in
            let shown = channel.value(remote(unit.entity), unit.unit)
            let due = live[unit].map { channel.shown($0, unit.unit) }
            return shown == due ? nil : "\(unit): \(due?.text ?? "-"), there \(shown?.text ?? "-")"
        }
    }
}
