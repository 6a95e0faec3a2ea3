import ArgumentParser
import ChannelSimulators
import Commerce
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// What a hub talks to, as processes of their own.
@main
struct SimulatorTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heyi-simulator", abstract: "Ends for a hub to talk to, on loopback: a shop, or payment platforms.",
        discussion: """
            Examples:
              heyi-simulator --channel web --secret-file web.secret
              heyi-simulator platforms --hub http://127.0.0.1:8470 --directory /tmp/platforms
            """,
        subcommands: [ShopCommand.self, PlatformsCommand.self], defaultSubcommand: ShopCommand.self)
}

/// Runs one simulated shop until TERM or INT.
///
/// Says `listening on 127.0.0.1:PORT` on standard output once it does, and nothing else there.
struct ShopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shop",
        abstract: "A web shop or app backend on loopback for a hub to talk to.",
        discussion: "Drive and read it under /_sim: state, digest, ledger, dials, edit. See docs/protocol.md for the rest.")

    @Option(help: "What it speaks: delta, delta-without-clocks or plain.")
    var face: ShopFace = .deltaWithClocks

    @Option(help: "The channel's id, as the hub knows it.")
    var channel = "web"

    @Option(help: "Names this life of the shop; its own writes are counted under it.")
    var incarnation = "sim1"

    @Option(help: "The port on 127.0.0.1; 0 lets the system choose.")
    var port = 0

    @Option(help: "A file with the channel's secrets, one a line; the first signs, all verify.")
    var secretFile: String

    @Option(help: "A JSON file with an array of projection rules, which it declares and follows.")
    var projection: String?

    @Option(help: "A JSON file with dials, as POST /_sim/dials takes them.")
    var dials: String?

    func validate() throws {
        guard ChannelID(channel) != nil else {
            throw ValidationError("--channel \(channel) is no channel id: 1 to 32 of a-z 0-9 -, a letter first")
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535, got \(port)") }
    }

    func run() async throws {
        guard let id = ChannelID(channel) else { return }
        var turned = Dials()
        if let dials { try turn(&turned, dials) { $0 } }
        if let projection { try turn(&turned, projection) { ["projection": $0] } }
        let time = WallTime()
        let shop = ShopSimulator(channel: id, face: face, incarnation: incarnation, dials: turned, time: time)
        var logger = Logger(label: "heyi-simulator", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        let secrets = try text(secretFile).split(whereSeparator: \.isWhitespace).map(String.init)
        let server = try ShopSimulatorServer(shop: shop, secrets: secrets, port: port, time: time, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        async let stopped: Void = group.run()
        FileHandle.standardOutput.write(Data("listening on 127.0.0.1:\(try await server.port)\n".utf8))
        try await stopped
    }

    private func turn(_ dials: inout Dials, _ path: String, _ wrap: (JSON) -> JSON) throws {
        do {
            try dials.turn(wrap(try JSON.parse(try text(path))))
        } catch {
            throw ValidationError("\(path): \(error)")
        }
    }

    private func text(_ path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ValidationError("cannot read \(path) as UTF-8 text; check that it exists and is yours to read")
        }
    }
}

extension ShopFace: ExpressibleByArgument {}
