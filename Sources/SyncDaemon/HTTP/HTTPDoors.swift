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
    let tokens: any TokenDesk
    let answers: any AnswerMemory
    let channels: any ChannelDesk
    let callbacks: any CallbackDesk
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
    func applications(at places: HTTPPlaces) throws -> [Application<RouterResponder<Visit>>] {
        var applications: [Application<RouterResponder<Visit>>] = []
        if let address = places.publicAddress {
            applications.append(
                try application(.public, .hostname(address.host, port: address.port), places, pageIsOpen: false))
        }
        if let address = places.adminAddress {
            let isLoopback = HTTPDoors.isLoopback(address.host)
            guard isLoopback || places.adminBehindTLS else { throw DoorError.adminBeyondLoopback(host: address.host) }
            applications.append(
                try application(
                    .admin, .hostname(address.host, port: address.port), places,
                    // Behind a proxy everybody comes from loopback, so the page is not open there.
                    pageIsOpen: isLoopback && !places.adminBehindTLS && places.pageOpenOnLoopback))
        }
        if let path = places.socketPath {
            applications.append(try application(.socket, .unixDomainSocket(path: path), places, pageIsOpen: true))
        }
        return applications
    }

    func application(
        _ listener: Listener, _ address: BindAddress, _ places: HTTPPlaces, pageIsOpen: Bool
    ) throws -> Application<RouterResponder<Visit>> {
        let (doorman, table) = try door(listener, hosts: places.adminHosts, pageIsOpen: pageIsOpen)
        let socketPath = listener == .socket ? places.socketPath : nil
        let logger = self.logger
        let onRunning = self.onRunning
        return Application(
            responder: table.router(doorman).buildResponder(),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [FrameworkAnswers()],
                    idleTimeout: .nanoseconds(idle(listener).milliseconds * 1_000_000),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headerBytesMax, maxHeaderListSize: limits.headerBytesMax,
                        maxHeaderFieldCount: limits.headerCountMax))),
            configuration: ApplicationConfiguration(
                address: address, serverName: nil,
                availableConnectionsDelegate: .maximum(limits.connectionsMax, logger: logger)),
            onServerRunning: { channel in
                // The daemon's umask makes the socket private; its group is let in here and not before.
                if let socketPath, chmod(socketPath, 0o660) != 0 {
                    logger.error("cannot open the admin socket to its group", metadata: ["path": "\(socketPath)"])
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
            channelRates: RateLimiter(limits.channelRate, namesMax: 1_000, time: surroundings.time), capacity: capacity,
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
            + CallbackRoutes(desk: desks.callbacks, time: time, limits: limits).routes + [HealthRoutes.live]
    }

    private func adminRoutes(_ streams: EventStream) throws -> [Route] {
        let admin = AdminAPI(
            desk: desks.operators, catalog: desks.catalog, tokens: desks.tokens, answers: desks.answers,
            status: desks.status, doctor: desks.doctor, streams: streams, surroundings: surroundings, limits: limits)
        return admin.routes + HealthRoutes(source: desks.status, metrics: metrics).routes
            + (try StatusPage(source: desks.status, streams: streams)).routes
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.") && host.split(separator: ".").count == 4
    }
}
