import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Logging

/// Simulated shops behind HTTP in a process of their own.
package enum ShopPeer {
    /// Serves until ended; says the port of each on standard output, one a line.
    package static func run(channels: [String], secret: String) async throws {
        var logger = Logger(label: "heyi.bench", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .error
        let quiet = logger
        try await withThrowingTaskGroup(of: Void.self) { group in
            var servers: [ShopSimulatorServer] = []
            for name in channels {
                guard let id = ChannelID(name) else { throw MeasuringFailed(description: "\(name) is no channel id") }
                let shop = ShopSimulator(
                    channel: id, face: .deltaWithClocks, incarnation: "bench", dials: Dials(), time: HostTime())
                let server = try ShopSimulatorServer(
                    shop: shop, secrets: [secret], port: 0, time: HostTime(), logger: quiet)
                servers.append(server)
                group.addTask { try await server.run() }
            }
            for server in servers {
                FileHandle.standardOutput.write(Data("\(try await server.port)\n".utf8))
            }
            try await group.waitForAll()
        }
    }
}
