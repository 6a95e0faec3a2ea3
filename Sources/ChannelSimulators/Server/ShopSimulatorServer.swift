package import Commerce
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// A simulated shop over real HTTP on 127.0.0.1.
///
/// Beside the protocol of its face it answers, without asking for a secret, `GET
/// /_sim/state`, `/_sim/digest`, `/_sim/ledger` and `/_sim/dials`, `POST /_sim/dials`
/// (the dials to turn) and `POST /_sim/edit` (`{entity, unit, value}`).
package struct ShopSimulatorServer: Service {
    package let shop: ShopSimulator
    private let application: Application<ShopResponder>
    private let bound: BoundPort

    /// - Parameters:
    ///   - secrets: As the hub's channel has them: the first signs, all verify. A plain
    ///     shop takes each as a bearer token.
    ///   - port: 0 lets the system choose.
    package init(
        shop: ShopSimulator, secrets: [String], port: Int, time: any TimeSource, logger: Logger
    ) throws(ShopSetupError) {
        self.shop = shop
        let bound = BoundPort()
        self.bound = bound
        application = Application(
            responder: ShopResponder(
                counter: ShopCounter(shop: shop, door: try ShopDoor(face: shop.face, secrets: secrets), time: time)),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                await bound.settle(.success(port))
            },
            logger: logger)
    }

    /// Serves until cancelled or asked to stop by the service group it runs in.
    package func run() async throws {
        do {
            try await application.run()
        } catch {
            await bound.settle(.failure(error))
            throw error
        }
        await bound.settle(.failure(CancellationError()))
    }

    /// The port it listens on; waits until it does.
    ///
    /// - Throws: What kept it from listening.
    package var port: Int {
        get async throws { try await bound.value() }
    }
}
