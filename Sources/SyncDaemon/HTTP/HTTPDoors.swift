import Commerce
import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// All that stands behind the HTTP doors; the wiring hands these in.
struct HTTPDesks: Sendable {
    let status: any StatusSource
    let operators: any OperatorDesk
    let catalog: any CatalogDesk
    let stock: any StockDesk
    let orders: any OrderDesk
    let prices: any PriceDesk
    let tokens: any TokenDesk
    let answers: any AnswerMemory
    let channels: any ChannelDesk
    let shop: any ShopDesk
    let callbacks: any CallbackDesk
    let gateways: any GatewayDesk
    let bills: any BillDesk
    let keyring: any ChannelKeyring
    let doctor: any DoctorDesk
    /// When channels were let in and when not.
    var doorJournal = DoorJournal()
    /// How far a signature's time may be off, either way.
    var signatureWindow: Duration = .seconds(300)
}

/// Where the doors are.
struct HTTPPlaces: Sendable {
    struct Address: Hashable, Sendable {
        var host: String
        /// 0 lets the system choose.
        var port: Int
    }

    var publicAddress: Address?
    var adminAddress: Address?
    var socketPath: String?
    /// Sockets that were opened before us, for listeners that have an address or path above.
    var inherited: [Listener: Int32] = [:]
    /// A proxy in front ends TLS; without it the admin listener stays on loopback.
    var adminBehindTLS = false
    /// Names the admin listener answers to besides loopback's.
    var adminHosts: Set<String> = []
    /// The status page needs no token on a loopback listener.
    var pageOpenOnLoopback = true
}

/// Why the doors cannot be opened as configured.
enum DoorError: Error, Hashable, Sendable, CustomStringConvertible {
    case adminBeyondLoopback(host: String)

    var description: String {
        switch self {
        case .adminBeyondLoopback(let host):
            "the admin listener may not bind \(host): tokens would travel in clear. Bind 127.0.0.1, or put a TLS proxy in front and declare it"
        }
    }
}

/// Builds the listeners: public, admin, and the admin API on a UNIX socket.
///
/// Each has its own limits and places, so nothing that happens at one door is felt at another.
struct HTTPDoors: Sendable {
    let desks: HTTPDesks
    let metrics: Metrics
    let surroundings: Surroundings
    let limits: HTTPLimits
    let version: String
    let logger: Logger
    /// Called when a listener takes connections, with the port it got.
    var onRunning: @Sendable (Listener, Int?) -> Void = { _, _ in }

    /// - Throws: ``DoorError`` before anything is bound.
    func doors(at places: HTTPPlaces) throws -> [Door] {
        var doors: [Door] = []
        if let address = places.publicAddress {
            doors.append(try door(.public, .address(host: address.host, port: address.port), places, pageIsOpen: false))
        }
        if let address = places.adminAddress {
            let isLoopback = HTTPDoors.isLoopback(address.host)
            guard isLoopback || places.adminBehindTLS else { throw DoorError.adminBeyondLoopback(host: address.host) }
            doors.append(
                try door(
                    .admin, .address(host: address.host, port: address.port), places,
                    // Behind a proxy everybody comes from loopback, so the page is not open there.
                    pageIsOpen: isLoopback && !places.adminBehindTLS && places.pageOpenOnLoopback))
        }
        if let path = places.socketPath {
            doors.append(try door(.socket, .path(path), places, pageIsOpen: true))
        }
        return doors
    }

    func door(_ listener: Listener, _ place: DoorPlace, _ places: HTTPPlaces, pageIsOpen: Bool) throws -> Door {
        let (doorman, table) = try door(listener, hosts: places.adminHosts, pageIsOpen: pageIsOpen)
        let inherited = places.inherited[listener]
        // Who opened an inherited socket has also decided who may reach it.
        let ownPath = listener == .socket && inherited == nil ? places.socketPath : nil
        let logger = self.logger
        let onRunning = self.onRunning
        return Door(
            listener: listener, place: inherited.map(DoorPlace.inherited) ?? place,
            responder: table.router(doorman).buildResponder(),
            http: HTTP1Channel.Configuration(
                idleTimeout: .nanoseconds(idle(listener).milliseconds * 1_000_000),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytesMax, maxHeaderListSize: limits.headerBytesMax,
                    maxHeaderFieldCount: limits.headerCountMax)),
            connectionsMax: limits.connectionsMax, patience: limits.farewell, time: surroundings.time,
            onRunning: { channel in
                // The daemon's umask makes the socket private; its group is let in here and not before.
                if let ownPath, chmod(ownPath, 0o660) != 0 {
                    logger.error("cannot open the admin socket to its group", metadata: ["path": "\(ownPath)"])
                }
                onRunning(listener, channel.localAddress?.port)
            },
            logger: logger)
    }

    /// Where files are taken, a sender who stalls shall hear why before the connection is closed.
    private func idle(_ listener: Listener) -> Duration {
        listener == .public ? limits.idle : max(limits.idle, limits.bodyTime * 2)
    }

    /// The doorman and the routes of one listener.
    func door(_ listener: Listener, hosts: Set<String> = [], pageIsOpen: Bool) throws -> (Doorman, RouteTable) {
        let capacity = CapacityGate(limits.places)
        let streams = EventStream(time: surroundings.time, heartbeat: limits.heartbeat, capacity: capacity)
        let routes = try listener == .public ? publicRoutes(streams) : adminRoutes(streams)
        let doorman = Doorman(
            listener: listener, limits: limits, time: surroundings.time, metrics: metrics,
            sources: RateLimiter(limits.sourceRate, namesMax: limits.sourcesMax, time: surroundings.time),
            gatewaySources: RateLimiter(limits.gatewayRate, namesMax: limits.sourcesMax, time: surroundings.time),
            channelRates: RateLimiter(limits.channelRate, namesMax: 1_000, time: surroundings.time),
            shopRates: RateLimiter(limits.shopRate, namesMax: 1_000, time: surroundings.time), capacity: capacity,
            operators: OperatorDoor(
                listener: listener, tokens: desks.tokens, time: surroundings.time, pageIsOpen: pageIsOpen,
                hosts: hosts.union(["localhost", "127.0.0.1", "::1"])),
            channels: listener == .public ? try ChannelDoor(
                    keyring: desks.keyring, time: surroundings.time, window: desks.signatureWindow,
                    journal: desks.doorJournal) : nil)
        return (doorman, RouteTable(DocumentRoutes.describing(routes, version: version)))
    }

    private func publicRoutes(_ streams: EventStream) -> [Route] {
        let time = surroundings.time
        return ChannelRoutes(desk: desks.channels, time: time, limits: limits, streams: streams).routes
            + CallbackRoutes(desk: desks.callbacks, time: time, limits: limits).routes
            + GatewayRoutes(desk: desks.gateways, limits: limits).routes
            + ShopAPI(desk: desks.shop, limits: limits, streams: streams, time: time).routes + [HealthRoutes.live]
    }

    private func adminRoutes(_ streams: EventStream) throws -> [Route] {
        let admin = AdminAPI(
            desk: desks.operators, catalog: desks.catalog, stock: desks.stock, orders: desks.orders, prices: desks.prices,
            tokens: desks.tokens,
            answers: desks.answers, status: desks.status, doctor: desks.doctor, gateways: desks.gateways, bills: desks.bills, streams: streams, surroundings: surroundings, limits: limits)
        return admin.routes + HealthRoutes(source: desks.status, metrics: metrics).routes
            + (try StatusPage(source: desks.status, streams: streams)).routes
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.split(separator: ".").count == 4
    }
}
