package import ChannelAdapters
package import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves a simulated platform on loopback and delivers its callbacks, until it is stopped.
///
/// Under `/_sim/WORD` a POST does what somebody at the platform does; the rest is the platform's own wire.
package struct GatewaySimulatorServer: Service {
    private let application: Application<GatewayResponder>
    private let pump: CallbackPump
    private let time: any TimeSource
    private let bound: BoundPort
    /// Between two looks for callbacks that are due.
    private static let every = Duration.milliseconds(20)

    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - transport: carries the callbacks to the merchant.
    package init(
        _ platform: any GatewaySimulator, port: Int = 0, over transport: any HTTPTransport, time: any TimeSource, logger: Logger
    ) {
        self.time = time
        pump = CallbackPump(platform, over: transport)
        let bound = BoundPort()
        self.bound = bound
        application = Application(
            responder: GatewayResponder(platform: platform),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in
                guard let port = channel.localAddress?.port else { return }
                await bound.settle(.success(port))
            },
            logger: logger)
    }

    /// The port it listens on; waits until it does.
    ///
    /// - Throws: What kept it from listening.
    package var port: Int {
        get async throws { try await bound.value() }
    }

    /// Serves until cancelled or asked to stop by the service group it runs in.
    package func run() async throws {
        let delivering = Task {
            while !Task.isCancelled {
                await pump.deliver(at: time.now())
                do { try await time.sleep(for: GatewaySimulatorServer.every) } catch { return }
            }
        }
        do {
            try await application.run()
        } catch {
            delivering.cancel()
            await bound.settle(.failure(error))
            throw error
        }
        delivering.cancel()
        await bound.settle(.failure(CancellationError()))
    }
}

private struct GatewayResponder: HTTPResponder {
    typealias Context = ShopVisit
    let platform: any GatewaySimulator

    func respond(to request: Request, context: ShopVisit) async throws -> Response {
        var body: [UInt8] = []
        for try await part in request.body { body.append(contentsOf: part.readableBytesView) }
        let target = request.head.path ?? "/"
        if target.hasPrefix("/_sim/") { return try control(String(target.dropFirst(6)), body) }
        let read = SimulatedRequest(
            method: request.method.rawValue, target: target,
            headers: request.headers.map { ($0.name.canonicalName, $0.value) }, body: body)
        switch platform.respond(to: read) {
        case .answered(let answer):
            var headers = HTTPFields()
            for (name, value) in answer.headers {
                if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
            }
            return Response(status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
        case .dropped, .refused:
            await context.hangUp()
            return Response(status: .serviceUnavailable)
        }
    }

    private func control(_ word: String, _ body: [UInt8]) throws -> Response {
        do {
            let answer = try platform.control(word, body.isEmpty ? [:] : try JSON.parse(body))
            return Response(
                status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: answer.bytes)))
        } catch {
            return Response(status: .badRequest, body: .init(byteBuffer: ByteBuffer(string: "\(error)\n")))
        }
    }
}
