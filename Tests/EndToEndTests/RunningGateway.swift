import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Logging
import Testing

/// A simulated platform in this process, and the account that the daemon has there.
struct RunningGateway {
    let account: GatewayAccount
    let simulator: any GatewaySimulator
    private let serving: Task<Void, Never>

    /// The machine's own clock, as the daemon has it.
    struct HostClock: TimeSource {
        func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
        func monotonicNanoseconds() -> UInt64 { UInt64(ProcessInfo.processInfo.systemUptime * 1_000_000_000) }
        func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
    }

    private struct Chance: RandomSource {
        func next() -> UInt64 { UInt64.random(in: 0 ... .max) }
    }

    private struct Names: IDSource {
        func next() -> String { String((0..<20).map { _ in "0123456789abcdefghjkmnpqrstvwxyz".randomElement() ?? "0" }) }
    }

    static let surroundings = Surroundings(time: HostClock(), random: Chance(), ids: Names())

    /// Serves a platform on loopback; its callbacks go to the daemon's public listener.
    static func start(
        _ simulator: any GatewaySimulator, _ account: (_ endpoint: String) throws -> GatewayAccount
    ) async throws -> RunningGateway {
        let quiet = Logger(label: "platform", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = GatewaySimulatorServer(
            simulator, over: LocalCallbacks(), time: HostClock(), logger: quiet)
        let serving = Task {
            // It ends by being cancelled; what it says then is no news.
            do { try await server.run() } catch {}
        }
        return RunningGateway(
            account: try account("http://127.0.0.1:\(try await server.port)"), simulator: simulator, serving: serving)
    }

    func stop() { serving.cancel() }

    @discardableResult
    func control(_ word: String, _ body: JSON) throws -> JSON { try simulator.control(word, body) }

    /// The account as an operator writes it down; its secrets become files beside the configuration.
    func lines(in folder: TemporaryFolder) throws -> String {
        var lines = ["  - id: \(account.id)", "    kind: \(account.kind.rawValue)"]
        for (name, value) in account.settings.sorted(by: { $0.key < $1.key }) { lines.append("    \(name): \"\(value)\"") }
        for setting in account.kind.settings {
            guard let secrets = account.secrets[setting.name], !secrets.isEmpty else { continue }
            var files: [String] = []
            for (index, secret) in secrets.enumerated() {
                let file = "\(account.id)-\(setting.name)-\(index)"
                try folder.write(secret.revealed, to: file, secret: true)
                files.append("file:\(folder.file(file))")
            }
            lines.append("    \(setting.name): \(setting.form == .secret ? files[0] : "[\(files.joined(separator: ", "))]")")
        }
        return lines.joined(separator: "\n")
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
