import ChannelAdapters
import Commerce
import ConflictResolution
import Store
import SyncEngine

/// The production engine, real SQLite in memory, and channels with habits, in one thread under one plan.
final class World {
    let plan: Plan
    let executor: SeededExecutor
    let random: SeededRandom
    let surroundings: Surroundings
    /// The hub's own, which may jump.
    let clock: JumpingClock
    /// Nil where nobody trades.
    let market: Market?
    /// Nil where buyers pay at the market's own till.
    let platforms: Platforms?
    let channels: [SimulatedChannel]
    let oracle = Oracle()
    var store: Store
    private(set) var engine: Engine
    private var task: Task<Void, Never>
    private var lines: [Line] = []
    var violations: [Violation] = []
    /// The hub's last backup, with what the oracle knew when it was taken.
    var backup: (store: Store, memory: Oracle.Memory)?
    var channelBackups: [Int: (data: SimulatedChannel.Backup, seen: [UnitRef: EventSet])] = [:]
    /// Callbacks that were answered, so that they must be applied some day.
    var callbacks = 0
    private let onEvent: (@Sendable (String) -> Void)?
    /// Whether channels are compared as wholes now and then, as the daemon does each day. Only where nothing else
    /// can tell: a hub that was restored while a listing lagged behind never heard of what that left out.
    private var compares = false

    static let units: [UnitRef] = {
        var units: [UnitRef] = []
        for index in 0..<3 {
            let product = EntityRef(.product, EntityID("p\(index)")!)
            units += ["brand", "tags", "text.en"].map { UnitRef(product, UnitName($0)!) }
            units.append(UnitRef(EntityRef(.sku, EntityID("s\(index)")!), UnitName("price.CNY")!))
        }
        return units + [UnitRef(EntityRef(.category, EntityID("c0")!), UnitName("place")!)]
    }()
    static let unitCount = 13
    static let entities = Array(Set(units.map(\.entity))).sorted()

    /// - Parameter onEvent: told each of the engine's events with the virtual time.
    init(_ plan: Plan, onEvent: (@Sendable (String) -> Void)? = nil) throws {
        self.plan = plan
        self.onEvent = onEvent
        let executor = SeededExecutor(seed: plan.seed)
        self.executor = executor
        random = SeededRandom(seed: plan.seed &+ 7)
        clock = JumpingClock(executor)
        surroundings = Surroundings(
            time: clock, random: SeededRandom(seed: plan.seed &+ 1), ids: CountingIDs(prefix: "w"),
            planted: plan.planted?.sync, plantedInStock: plan.planted?.stock, plantedInOrders: plan.planted?.orders,
            plantedInGateways: plan.planted?.gateways)
        let hub = surroundings
        let gateways = try !plan.trades || plan.platforms.isEmpty
            ? nil : Platforms(plan.platforms, seed: plan.seed, hub: hub, executor: executor)
        platforms = gateways
        market = plan.trades ? Market(seed: plan.seed, till: World.till(plan, surroundings), platforms: gateways) : nil
        store = try Store(.memory, surroundings: surroundings)
        var channels: [SimulatedChannel] = []
        for (index, channel) in plan.channels.enumerated() {
            let random = SeededRandom(seed: plan.seed &+ UInt64(index) &+ 20)
            channels.append(World.channel(channel, time: executor, random: random))
        }
        let buries = (plan.steps + plan.later).contains { $0.kind == .bury }
        for channel in channels { channel.remembersLives = buries }
        self.channels = channels
        engine = World.engine(store, surroundings, executor, plan, onEvent)
        task = World.start(engine, executor)
        try prepare()
    }

    private static func channel(_ plan: Plan.Channel, time: any TimeSource, random: SeededRandom) -> SimulatedChannel {
        let lossy = Projection(rules: [
            ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 12)),
            ProjectionRule(family: "tags", member: nil, effect: .sort),
        ])
        let isWordy = plan.traits.contains(.wordy)
        let channel = SimulatedChannel(
            id: ChannelID(plan.name)!, keepsClocks: plan.keepsClocks, traits: plan.traits,
            projection: plan.traits.contains(.lossy) ? lossy : Projection(),
            spelling: { value, unit in isWordy ? World.wordy(value, unit) : value }, time: time, random: random)
        channel.habits = plan.habits
        return channel
    }

    /// A backend that writes out what is absent.
    private static func wordy(_ value: JSON, _ unit: UnitName) -> JSON {
        guard unit.family == "place", var object = value.object, object["parent"] == nil else { return value }
        object["parent"] = .null
        return .object(object)
    }

    private static func engine(
        _ store: Store, _ surroundings: Surroundings, _ executor: SeededExecutor, _ plan: Plan,
        _ onEvent: (@Sendable (String) -> Void)?, compares: Bool = false
    ) -> Engine {
        let events = EventHub()
        if let onEvent { events.listen { event in onEvent("\(executor.now().milliseconds % 100_000_000) \(event)") } }
        store.onCommit { sequence in executor.mark(UInt64(bitPattern: sequence)) }
        var flow = FlowSettings()
        if plan.compareSeconds > 0 || compares {
            flow.reconcileEvery = .seconds(plan.compareSeconds > 0 ? plan.compareSeconds : 3_600)
        }
        return Engine(
            store: store, surroundings: surroundings, events: events, flow: flow,
            makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
    }

    private static func start(_ engine: Engine, _ executor: SeededExecutor) -> Task<Void, Never> {
        Task(executorPreference: executor) { await engine.run() }
    }

    private static func settings(_ plan: Plan) -> ChannelSettings {
        var settings = ChannelSettings()
        settings.pullEvery = .seconds(plan.pullSeconds)
        settings.creates = false
        return settings
    }

    private func prepare() throws {
        let (entities, settings) = (World.entities, World.settings(plan))
        let ids = channels.map(\.id)
        try write { writing throws(StoreError) in
            for entity in entities {
                try writing.create(entity)
                _ = try writing.apply(
                    UnitWrite(UnitRef(entity, .life), ["state": "live"], author: "operator", origin: .api))
            }
            for id in ids { try writing.putChannel(id, settings: settings.json) }
        }
        try openMarket()
        oracle.hasShown = { [channels] id, unit, value in
            channels.first { $0.id == id }?.hasShown(value, unit) ?? false
        }
        oracle.dataSet = { [channels] id in channels.first { $0.id == id }?.dataSet }
        for channel in channels {
            channel.watch = ChannelWatch(
                stored: { [oracle] id, unit, entity, generation, sequence in
                    guard let unit = World.unit(entity, unit) else { return }
                    oracle.stored(
                        id, unit, generation: generation, sequence: sequence, keepsClocks: channel.keepsClocks)
                },
                edited: { [oracle] id, edit in
                    guard let unit = World.unit(edit.entity, edit.unit) else { return }
                    oracle.edited(id, unit, edit.dot)
                })
        }
        try observe()
        try attach()
        platforms?.start()
    }

    private func attach() throws {
        lines = channels.map { Line($0) }
        let (engine, attached, settings) = (engine, Array(zip(channels.map(\.id), lines)), World.settings(plan))
        try executor.perform {
            for (id, line) in attached { await engine.attach(id, adapter: line, settings: settings) }
        }
        try connect()
    }

    static func unit(_ entity: RemoteRef, _ unit: UnitName) -> UnitRef? {
        EntityID(entity.id).map { UnitRef(EntityRef(entity.kind, $0), unit) }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reading) throws(StoreError) -> T) throws -> T {
        let store = self.store
        return try executor.perform { try await store.read(body) }
    }

    func write(_ body: @escaping @Sendable (Writing) throws(StoreError) -> Void) throws {
        let store = self.store
        try executor.perform { _ = try await store.write(body) }
    }

    /// Ends the process in order and starts another on the same store.
    func restart() throws {
        try leaveWork()
        try end()
        for channel in channels { channel.forgetDoubts() }
        engine = World.engine(store, surroundings, executor, plan, onEvent, compares: compares)
        task = World.start(engine, executor)
        try attach()
    }

    /// Ends the process where it stands; another finds what was committed, or a backup of it.
    func kill(restoring backup: Store? = nil) throws {
        let work = beginWork()
        try observe()
        // In one step with cutting the lines: what is sent was committed before, so the image has to have it.
        let next = try (backup ?? store).image(restored: backup != nil, surroundings: surroundings)
        // What the old process still does goes to a store nobody opens again, and to nobody else.
        for line in lines { line.isCut = true }
        let process = platforms?.cut()
        try end()
        try endWork(process, work)
        for channel in channels { channel.forgetDoubts() }
        store = next
        if backup != nil, plan.channels.contains(where: { $0.habits.staleMax > 0 }) { compares = true }
        engine = World.engine(store, surroundings, executor, plan, onEvent, compares: compares)
        task = World.start(engine, executor)
        try attach()
    }

    private func end() throws {
        task.cancel()
        let task = self.task
        try executor.perform { await task.value }
    }

    /// Ends the last process, and all that holds on to what nobody will ever ask for again.
    func finish() throws {
        try leaveWork()
        try end()
        try finishPlatforms()
        executor.abandon()
        for channel in channels { channel.watch = nil }
        oracle.hasShown = { _, _, _ in false }
        oracle.dataSet = { _ in nil }
    }
}
