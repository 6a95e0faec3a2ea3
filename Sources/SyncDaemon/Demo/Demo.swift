import ChannelSimulators
import Commerce
import Foundation
import Logging
import Mall
import Store
import SyncEngine

/// A whole mall on this machine: a daemon on a fresh store, four simulated shops, and
/// a story that shows what happens when ends disagree, vanish or lie.
struct Demo: Sendable {
    let once: Bool
    let seed: UInt64
    let directory: String?

    func run() async throws -> Int32 {
        umask(0o077)
        let surroundings = Surroundings.system
        let home = directory ?? NSTemporaryDirectory() + "heyi-demo-\(getpid())"
        defer { if directory == nil { removeHome(home) } }
        do {
            try FileManager.default.createDirectory(
                atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            Terminal.say("heyi: cannot make \(home): \(error.localizedDescription)")
            return ExitStatus.cannotCreate.rawValue
        }
        var log = Configuration.Log()
        log.level = .error
        let destination = LogDestination.standardError(
            log, environment: ProcessInfo.processInfo.environment, time: surroundings.time)
        destination.bootstrap(level: .error)
        let logger = Logger(label: "heyi")
        // The shops' own servers complain when they are stopped under open connections; that is no news.
        let silent = Logger(label: "shops") { _ in SwiftLogNoOpLogHandler() }
        let shops = try DemoShop.make(in: home, seed: seed, time: surroundings.time, logger: silent)
        let servers = shops.map { shop in
            Task { do { try await shop.server.run() } catch { Terminal.say("heyi: \(shop.id): \(error)") } }
        }
        let platforms = try DemoPlatforms(surroundings: surroundings, logger: silent)
        let serving = platforms.serve()
        defer { for server in servers + serving { server.cancel() } }
        var configuration = try await configure(home, shops)
        let plant = try await open(&configuration, home, platforms, surroundings, logger)
        let code = try await play(plant, shops, platforms, configuration)
        if !once, code == 0 { await untilSignal() }
        await plant.stop()
        return code
    }

    private func configure(_ home: String, _ shops: [DemoShop]) async throws -> Configuration {
        var configuration = Configuration()
        configuration.store.directory = home + "/store"
        configuration.listen.socket = home + "/heyi.sock"
        // The shop is play, and so is its money.
        configuration.payments.trial = true
        for shop in shops {
            configuration.channels.append(shop.configuration(port: try await shop.server.port))
        }
        return configuration
    }

    /// The usual ports when they are free, others when something else has them.
    private func open(
        _ configuration: inout Configuration, _ home: String, _ platforms: DemoPlatforms, _ surroundings: Surroundings, _ logger: Logger
    ) async throws -> Plant {
        for port in [configuration.listen.publicAddress.port, configuration.listen.adminAddress.port]
        where !PortProbe.isFree(port) || once {
            // The platforms must know where to call back before anybody listens there.
            configuration.listen.publicAddress = ListenAddress(host: "127.0.0.1", port: PortProbe.free())
            configuration.listen.adminAddress = ListenAddress(host: "127.0.0.1", port: 0)
        }
        let url = "http://127.0.0.1:\(configuration.listen.publicAddress.port)"
        configuration.listen.publicURL = url
        configuration.gateways = try await platforms.configurations(in: home, publicURL: url)
        let plant = try Plant(configuration, environment: [:], surroundings: surroundings, logger: logger)
        try await plant.start(configuration)
        return plant
    }

    private func play(
        _ plant: Plant, _ shops: [DemoShop], _ platforms: DemoPlatforms, _ configuration: Configuration
    ) async throws -> Int32 {
        let story = DemoStory(plant: plant, shops: shops, platforms: platforms)
        story.tell("Heyi \(Heyi.version): one master catalog, \(shops.count) shops on this machine")
        for shop in shops { story.detail("\(shop.id)  http://127.0.0.1:\(try await shop.server.port)  \(shop.about)") }
        let ports = plant.ports.value
        story.detail("channels and callbacks  http://127.0.0.1:\(ports[.public] ?? 0)")
        story.detail("live status page        http://127.0.0.1:\(ports[.admin] ?? 0)/")
        story.detail("operators               heyi --help; export HEYI_SOCKET=\(configuration.listen.socket)")
        let passed = try await story.play()
        guard passed else { return ExitStatus.degraded.rawValue }
        if !once { story.tell("All of it stays up: look at the status page, try heyi status. Ctrl-C ends it.") }
        return 0
    }

    private func untilSignal() async {
        // The sources fire only as long as somebody holds them.
        let sources = SignalSources()
        defer { withExtendedLifetime(sources) {} }
        for await signal in sources.signals {
            switch signal {
            case .terminate, .interrupt: return
            case .hangup: continue
            }
        }
    }

    private func removeHome(_ home: String) {
        do { try FileManager.default.removeItem(atPath: home) } catch {
            Terminal.say("heyi: \(home) could not be removed: \(error.localizedDescription)")
        }
    }
}

/// Whether a port of this host can be listened on now.
enum PortProbe {
    /// A port that was free a moment ago, below those the system gives to clients.
    static func free() -> Int { (0..<500).lazy.map { _ in Int.random(in: 20_000..<32_000) }.first { isFree($0) } ?? 0 }

    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
