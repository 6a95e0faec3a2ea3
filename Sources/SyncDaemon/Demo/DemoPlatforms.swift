import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Logging

/// The platforms of the demo: one to pay at and one that follows parcels, each serving its real wire on a port of its own.
struct DemoPlatforms: Sendable {
    static let pay = ChannelID("wxpay")!
    static let parcels = ChannelID("kuaidi")!
    let weChatPay: WeChatPaySimulator
    let tracker: TrackingSimulator
    private let keys: WeChatPayKeyMaterial
    private let servers: (pay: GatewaySimulatorServer, tracker: GatewaySimulatorServer)

    init(surroundings: Surroundings, logger: Logger) throws {
        keys = try WeChatPayKeyMaterial.make(at: surroundings.time.now())
        weChatPay = WeChatPaySimulator(keys: keys, surroundings: surroundings)
        tracker = Kuaidi100Simulator.make(time: surroundings.time, random: surroundings.random)
        let transport = LoopbackCallbacks(curl: CurlTransport(configuration: .ordinary))
        servers = (
            GatewaySimulatorServer(weChatPay, over: transport, time: surroundings.time, logger: logger),
            GatewaySimulatorServer(tracker, over: transport, time: surroundings.time, logger: logger)
        )
    }

    /// Serves until the tasks are cancelled.
    func serve() -> [Task<Void, Never>] {
        [servers.pay, servers.tracker].map { server in
            Task { do { try await server.run() } catch { Terminal.say("heyi: a simulated platform ended: \(error)") } }
        }
    }

    /// How the daemon is told of them; their keys become files in `home`.
    func configurations(in home: String, publicURL: String) async throws -> [GatewayConfiguration] {
        let root = "\(publicURL)\(GatewayRoutes.root)"
        let pay = keys.account(
            DemoPlatforms.pay, endpoint: "http://127.0.0.1:\(try await servers.pay.port)", callbackURL: "\(root)/\(DemoPlatforms.pay)")
        let parcels = Kuaidi100Simulator.account(
            DemoPlatforms.parcels, endpoint: "http://127.0.0.1:\(try await servers.tracker.port)",
            callbackURL: "\(root)/\(DemoPlatforms.parcels)", settings: ["allow_private_addresses": "true"])
        return try [pay, parcels].map { try DemoPlatforms.configuration($0, in: home) }
    }

    private static func configuration(_ account: GatewayAccount, in home: String) throws -> GatewayConfiguration {
        var configuration = GatewayConfiguration(id: account.id, kind: account.kind)
        configuration.settings = account.settings
        for (name, secrets) in account.secrets {
            configuration.secrets[name] = try secrets.enumerated().map { index, secret in
                let path = "\(home)/\(account.id)-\(name)-\(index)"
                guard FileManager.default.createFile(
                    atPath: path, contents: Data(secret.revealed.utf8), attributes: [.posixPermissions: 0o600])
                else { throw PlantError(description: "cannot write \(path)") }
                return .file(path)
            }
        }
        return configuration
    }
}

/// Callbacks to a daemon on this machine, whose address is a private one.
private struct LoopbackCallbacks: HTTPTransport {
    let curl: CurlTransport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var local = request
        local.addresses = .privateToo
        return try await curl.send(local)
    }
}
