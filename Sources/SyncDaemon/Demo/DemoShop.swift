import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Logging

/// One simulated shop of the demo, serving on a port of its own.
struct DemoShop: Sendable {
    let id: ChannelID
    let about: String
    let kind: ChannelConfiguration.Kind
    let server: ShopSimulatorServer
    let secret: String
    let secretFile: String

    var shop: ShopSimulator { server.shop }

    /// The four of the demo: both kinds, with clocks and without.
    static func make(in directory: String, seed: UInt64, time: any TimeSource, logger: Logger) throws -> [DemoShop] {
        var cuts = Dials()
        cuts.seed = seed
        cuts.projection = Projection(rules: [
            ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 24)),
            ProjectionRule(family: "text", member: "body", effect: .stripHTML),
        ])
        var plain = Dials()
        plain.seed = seed &+ 1
        var whole = plain
        whole.seed = seed &+ 2
        return [
            try DemoShop("web", "PC web shop, keeps clocks", .web, .deltaWithClocks, plain, directory, time, logger),
            try DemoShop("app", "app backend, keeps clocks, cuts titles, drops HTML", .app, .deltaWithClocks, cuts, directory, time, logger),
            try DemoShop("outlet", "outlet shop, plain REST, knows no clocks", .web, .plain, whole, directory, time, logger),
            try DemoShop("kiosk", "kiosk app, deltas without clocks", .app, .deltaWithoutClocks, whole, directory, time, logger),
        ]
    }

    private init(
        _ id: String, _ about: String, _ kind: ChannelConfiguration.Kind, _ face: ShopFace, _ dials: Dials,
        _ directory: String, _ time: any TimeSource, _ logger: Logger
    ) throws {
        guard let channel = ChannelID(id) else { preconditionFailure("a demo channel has a bad id") }
        self.id = channel
        self.about = about
        self.kind = kind
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        secret = "whsec_" + Data(key).base64EncodedString()
        secretFile = "\(directory)/\(id).secret"
        guard FileManager.default.createFile(
            atPath: secretFile, contents: Data(secret.utf8), attributes: [.posixPermissions: 0o600])
        else { throw PlantError(description: "cannot write \(secretFile)") }
        let shop = ShopSimulator(channel: channel, face: face, incarnation: "demo", dials: dials, time: time)
        server = try ShopSimulatorServer(shop: shop, secrets: [secret], port: 0, time: time, logger: logger)
    }

    /// How the daemon is told of it.
    func configuration(port: Int) -> ChannelConfiguration {
        var configuration = ChannelConfiguration(id: id, kind: kind)
        configuration.dialect = shop.face == .plain ? .plain : .delta
        configuration.endpoint = "http://127.0.0.1:\(port)"
        configuration.secrets = [.file(secretFile)]
        configuration.pullEvery = .milliseconds(500)
        configuration.allowPrivateAddresses = true
        configuration.creates = true
        return configuration
    }
}
