import ChannelAdapters
import Commerce
import Foundation
import Hummingbird
import Logging
import Mall
import ServiceLifecycle
import Store
import SyncEngine
import Synchronization

/// All the machinery of one daemon, put together: store, engine, transport, doors.
final class Plant: Sendable {
    let store: Store
    let engine: Engine
    let transport: CurlTransport
    let wiring: ChannelWiring
    let gateways: GatewayWiring
    let status: StoreStatusSource
    let journal: EventJournal
    let metrics: Metrics
    let surroundings: Surroundings
    private let logger: Logger
    private let news = NewsSignal()
    private let desks: HTTPDesks
    let cashier: Cashier
    private let gatewaySignal: FeedSignal
    /// What housekeeping keeps; changes at a reload.
    private let keep: Guarded<Housekeeping.Keep>
    /// What a reload took last; the doctor compares it with what is on disk.
    private let inForce: Guarded<Configuration>
    private let tasks = Mutex<[Task<Void, Never>]>([])
    private let doors = Mutex<ServiceGroup?>(nil)
    private let failures = AsyncStream.makeStream(of: String.self)
    /// Ports the listeners got, by listener; of interest when 0 was asked for.
    let ports = Guarded<[Listener: Int]>([:])

    /// Opens the store and builds everything; nothing runs and nothing listens yet.
    ///
    /// - Parameter source: Where the configuration came from; nil for one that was made up.
    /// - Throws: ``StoreError``.
    init(
        _ configuration: Configuration, source: ConfigurationSource? = nil, environment: [String: String],
        surroundings: Surroundings, logger: Logger
    ) throws {
        self.surroundings = surroundings
        self.logger = logger
        store = try Store(
            .directory(configuration.store.directory), surroundings: surroundings,
            readersMax: configuration.store.readers)
        keep = Guarded(configuration.keep)
        inForce = Guarded(configuration)
        let events = EventHub()
        engine = Engine(
            store: store, surroundings: surroundings, events: events, flow: configuration.flow
        ) { label in
            EngineExecutor(SerialQueueExecutor(label: label))
        }
        transport = CurlTransport(configuration: .ordinary)
        metrics = Metrics()
        journal = EventJournal(time: surroundings.time, logger: logger, metrics: metrics, news: news)
        let journal = self.journal
        events.listen { journal.take($0) }
        status = StoreStatusSource(store: store, engine: engine, journal: journal, version: Heyi.version)
        let metrics = self.metrics
        wiring = ChannelWiring(
            store: store, engine: engine, transport: transport, credentials: environment["CREDENTIALS_DIRECTORY"],
            configuration: configuration, logger: logger
        ) { id, transport in
            MeasuredTransport(channel: id, transport: transport, metrics: metrics, time: surroundings.time)
        }
        store.onGroupCommit { metrics.commit(seconds: Double($0.nanoseconds) / 1e9, writes: $0.writes) }
        let feedNews = NewsSignal()
        let news = self.news
        store.onCommit { sequence in
            metrics.committed(sequence, at: surroundings.time.monotonicNanoseconds())
            feedNews.ring()
            news.ring()
        }
        let doorJournal = DoorJournal()
        let doctor = StoreDoctorDesk(
            store: store, engine: engine, status: status, doors: doorJournal, ports: ports, source: source,
            began: configuration, inForce: inForce, credentials: environment["CREDENTIALS_DIRECTORY"])
        let gateways = GatewayWiring(
            store: store, transport: transport, credentials: environment["CREDENTIALS_DIRECTORY"], logger: logger
        ) { id, transport in
            MeasuredTransport(channel: id, transport: transport, metrics: metrics, time: surroundings.time)
        }
        self.gateways = gateways
        cashier = Cashier(store: store) { gateways.payments }
        gatewaySignal = FeedSignal(time: surroundings.time)
        let gatewayDesk = StoreGatewayDesk(store: store, wiring: gateways, signal: gatewaySignal, logger: logger)
        status.gatewayReports.update { $0 = { gatewayDesk.reports } }
        desks = Plant.desks(store, engine, wiring, status, feedNews, doctor, cashier, gatewayDesk, StoreBillDesk(store: store, wiring: gateways),
            configuration)
    }

    private static func desks(
        _ store: Store, _ engine: Engine, _ wiring: ChannelWiring, _ status: StoreStatusSource,
        _ feedNews: NewsSignal, _ doctor: StoreDoctorDesk, _ cashier: Cashier, _ gateways: StoreGatewayDesk, _ bills: StoreBillDesk,
        _ configuration: Configuration
    ) -> HTTPDesks {
        let checkout = Checkout()
        let accounts = bills.wiring
        let readers: @Sendable () -> [ChannelID: Gateway] = { accounts.gateways }
        return HTTPDesks(
            status: status,
            operators: StoreOperatorDesk(store: store, engine: engine, channels: wiring, status: status, gateways: readers),
            catalog: StoreCatalogDesk(
                store: store, engine: engine,
                mappingsDirectory: configuration.store.directory + "/mappings",
                cellBytesMax: configuration.limits.cellBytes,
                usual: (configuration.catalog.locale, configuration.catalog.currency)),
            stock: StoreStockDesk(store: store),
            orders: StoreOrderDesk(store: store, cashier: cashier, allowsTrial: configuration.payments.trial),
            prices: StorePriceDesk(
                store: store, checkout: checkout,
                usual: (Currency(configuration.catalog.currency) ?? .yuan, configuration.catalog.locale)),
            tokens: StoreTokenDesk(store: store), answers: StoreAnswerMemory(store: store),
            channels: StoreChannelDesk(
                store: store, visits: Visits(store: store), news: feedNews,
                limits: StoreChannelDesk.Limits(batchMax: configuration.limits.deltasPerRequest, pageMax: 500)),
            shop: StoreShopDesk(
                store: store, cashier: cashier, news: feedNews, usual: (configuration.catalog.locale, Currency(configuration.catalog.currency))),
            callbacks: StoreCallbackDesk(store: store, inbox: engine.inbox), gateways: gateways, bills: bills, keyring: wiring, doctor: doctor,
            doorJournal: doctor.doors, signatureWindow: configuration.limits.signatureWindow)
    }

    /// Starts the engine and opens the doors; returns when requests are served.
    ///
    /// - Parameter inherited: Sockets that were opened before us.
    func start(_ configuration: Configuration, inherited: [Listener: Int32] = [:]) async throws {
        if let rebirth = store.life.rebirth, rebirth != .created {
            logger.warning(
                "this store was \(rebirth.rawValue): every channel is looked at before anything is pushed",
                metadata: ["evt": "store.reborn"])
        }
        // First of all: whoever works off callbacks and refunds would find nobody of their gateway's name and put them off, or give them up.
        try await gateways.apply(configuration)
        let engine = self.engine
        run { await engine.run() }
        let (clock, keep) = (ClockWatch(store: store, logger: logger), self.keep)
        let housekeeping = Housekeeping(store: store, logger: logger) { clock.isDoubtful }
        run { await housekeeping.run { keep.value } }
        let sweeper = HoldSweeper(store: store, logger: logger)
        run { await sweeper.run() }
        let rights = RightsSweeper(store: store, engine: engine, logger: logger)
        run { await rights.run() }
        let orders = OrderSweeper(store: store, cashier: cashier, logger: logger)
        run { await orders.run() }
        let callbacks = GatewaySweeper(
            clerk: GatewayClerk(
                store: store, gateways: { [gateways] in gateways.gateways },
                hearParcel: { [gateways, store, logger] report, account throws(StoreError) in
                    try await gateways.parcelClerk(store, logger).hear(report, from: account.text)
                }, news: { [logger] in $0.write(to: logger) }),
            signal: gatewaySignal, time: surroundings.time, logger: logger)
        run { await callbacks.run() }
        let rounds = GatewayRounds(store: store, wiring: gateways, logger: logger)
        run { await rounds.followParcels() }
        run { await rounds.compareBills() }
        run { await rounds.fetchKeys() }
        let status = self.status
        run { await clock.run { status.note(clockStep: $0) } }
        try await wiring.apply(configuration)
        try await open(configuration, inherited)
    }

    private func open(_ configuration: Configuration, _ inherited: [Listener: Int32]) async throws {
        let (bound, tell) = AsyncStream.makeStream(of: Void.self)
        let ports = self.ports
        var doors = HTTPDoors(
            desks: desks, metrics: metrics, surroundings: surroundings, limits: configuration.doorLimits,
            version: Heyi.version, logger: logger)
        doors.onRunning = { listener, port in
            if let port { ports.update { $0[listener] = port } }
            tell.yield()
        }
        let listen = configuration.listen
        let services = try doors.doors(
            at: HTTPPlaces(
                publicAddress: .init(host: listen.publicAddress.host, port: listen.publicAddress.port),
                adminAddress: .init(host: listen.adminAddress.host, port: listen.adminAddress.port),
                socketPath: inherited[.socket] == nil ? try Plant.socketPath(listen.socket) : listen.socket, inherited: inherited,
                adminBehindTLS: listen.adminBehindTLS))
        let group = ServiceGroup(services: services, logger: logger)
        self.doors.withLock { $0 = group }
        let failures = self.failures.continuation
        run {
            do { try await group.run() } catch {
                failures.yield("a listener failed: \(error)")
                tell.finish()
            }
        }
        var waiting = services.count
        for await _ in bound {
            waiting -= 1
            if waiting == 0 { break }
        }
        guard waiting == 0 else {
            var iterator = self.failures.stream.makeAsyncIterator()
            throw PlantError(description: await iterator.next() ?? "a listener could not be opened")
        }
    }

    /// Takes a new configuration: channels, retries, pulls and what is kept at once; the rest at the next start.
    ///
    /// - Throws: before anything is changed, for a channel that could not be connected.
    func reload(_ configuration: Configuration) async throws {
        try await wiring.check(configuration)
        try gateways.check(configuration)
        try await wiring.apply(configuration)
        try await gateways.apply(configuration)
        await engine.take(configuration.flow)
        keep.update { $0 = configuration.keep }
        inForce.update { $0 = configuration }
    }

    /// Stops taking work, ends what is in flight, closes the store.
    func stop() async {
        if let group = doors.withLock({ $0 }) { await group.triggerGracefulShutdown() }
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        // The doors end by their graceful shutdown; engine, housekeeping, sweepers and the clock's watch by cancellation, after what is under way.
        for task in running.prefix(10) { task.cancel() }
        for task in running { await task.value }
        await transport.shutdown(grace: .seconds(2))
        await store.close()
        failures.continuation.finish()
    }

    /// What the watchdog asks for.
    var progress: Progress {
        let store = self.store
        return Progress(
            loops: EventLoopGroupProvider.singleton.eventLoopGroup,
            probe: { () async throws(StoreError) in try await store.probe() })
    }

    /// Throws what ended a part of the machinery by itself; returns when all was stopped.
    func failure() async throws {
        for await failure in failures.stream { throw PlantError(description: failure) }
        try await Task.sleep(for: .seconds(86_400))
    }

    private func run(_ body: @escaping @Sendable () async -> Void) {
        let task = Task { await body() }
        tasks.withLock { $0.append(task) }
    }

    /// Makes the socket's directory and removes a socket that an earlier process left.
    private static func socketPath(_ path: String) throws -> String {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw PlantError(description: "cannot make \(directory) for the admin socket; set listen.socket to a writable place")
        }
        unlink(path)
        return path
    }
}

struct PlantError: Error, CustomStringConvertible { let description: String }
