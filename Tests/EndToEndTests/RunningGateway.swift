import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Logging
import Synchronization
import Testing

/// The clock of simulated platforms: the machine's own, as far ahead of it as a test has put it.
final class PlatformClock: TimeSource {
    private let ahead = Mutex<Int64>(0)

    /// Lets it show so many seconds more than the host's.
    func set(ahead seconds: Int64) { ahead.withLock { $0 = seconds } }

    /// By how many seconds it has to be ahead to show a time now.
    func ahead(at time: Timestamp) -> Int64 { (time - PlatformClock.host).milliseconds / 1_000 }

    private static var host: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

    func now() -> Timestamp { PlatformClock.host + .seconds(ahead.withLock { $0 }) }
    func monotonicNanoseconds() -> UInt64 { UInt64(ProcessInfo.processInfo.systemUptime * 1_000_000_000) }
    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}

/// A simulated platform in this process, and the account that the daemon has there.
struct RunningGateway {
    private let makeAccount: @Sendable () throws -> GatewayAccount
    let simulator: any GatewaySimulator
    private let serving: Task<Void, Never>

    private struct Chance: RandomSource {
        func next() -> UInt64 { UInt64.random(in: 0 ... .max) }
    }

    private struct Names: IDSource {
        func next() -> String { String((0..<20).map { _ in "0123456789abcdefghjkmnpqrstvwxyz".randomElement() ?? "0" }) }
    }

    static func surroundings(_ clock: PlatformClock) -> Surroundings {
        Surroundings(time: clock, random: Chance(), ids: Names())
    }

    /// Serves a platform on loopback; its callbacks go to the daemon's public listener.
    ///
    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - account: the account as its operator would configure it at the moment.
    static func start(
        _ simulator: any GatewaySimulator, port: Int = 0, clock: PlatformClock,
        _ account: @escaping @Sendable (_ endpoint: String) throws -> GatewayAccount
    ) async throws -> RunningGateway {
        let quiet = Logger(label: "platform", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = GatewaySimulatorServer(simulator, port: port, over: LocalCallbacks(), time: clock, logger: quiet)
        let serving = Task {
            // It ends by being cancelled; what it says then is no news.
            do { try await server.run() } catch {}
        }
        let endpoint = "http://127.0.0.1:\(try await server.port)"
        return RunningGateway(makeAccount: { try account(endpoint) }, simulator: simulator, serving: serving)
    }

    func stop() { serving.cancel() }

    @discardableResult
    func control(_ word: String, _ body: JSON = [:]) throws -> JSON { try simulator.control(word, body) }

    /// The account as an operator writes it down now; its secrets become files beside the configuration.
    func lines(in folder: TemporaryFolder) throws -> String {
        try makeAccount().written { file, secret in
            try folder.write(secret.revealed, to: file, secret: true)
            return folder.file(file)
        }
    }
}

/// Callbacks on this machine, where the simulators' own idea of an address is a private one.
private struct LocalCallbacks: HTTPTransport {
    private static let curl = CurlTransport(configuration: .ordinary)

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var local = request
        local.addresses = .privateToo
        return try await LocalCallbacks.curl.send(local)
    }
}
