import ArgumentParser
import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Runs the payment platforms until TERM or INT.
///
/// Says `ID listening on 127.0.0.1:PORT` of each on standard output, and nothing else there.
struct PlatformsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platforms", abstract: "WeChat Pay, Alipay and Stripe on loopback, with keys, callbacks, bills and books of their own.",
        discussion: """
            Writes their keys and `gateways.yaml`, the accounts as they go into a hub's configuration, into a directory. The hub
            must have listen.public_url set to --hub. A buyer pays, and everything else happens, by POST /_sim/WORD at a platform:
            pay {"number": "ORDER-a1"}, refund, rotate (rotate_secret at Stripe), plant, release, dials, and books, which
            answers what it did to people's money.

            Example:
              heyi-simulator platforms --hub http://127.0.0.1:8470 --directory /tmp/platforms
              curl -d '{"number": "20261201-k3v9q0m2ab-a1"}' http://127.0.0.1:8501/_sim/pay
            """)

    private static let kinds: [(id: String, kind: GatewayKind)] = [("wxpay", .weChatPay), ("alipay", .alipay), ("cards", .stripe)]

    @Option(help: "The hub's public address, where callbacks go.")
    var hub: String

    @Option(help: "The directory for keys and gateways.yaml; made if it is not there.")
    var directory: String

    @Option(help: "The first of three ports in a row on 127.0.0.1: wxpay, alipay, cards.")
    var port = 8_501

    @Option(help: "A file that gets a line of JSON for each callback a hub took: gateway, body.")
    var journal: String?

    func validate() throws {
        guard (1...65_533).contains(port) else { throw ValidationError("--port must be 1 to 65533, got \(port)") }
        guard hub.hasPrefix("http://") || hub.hasPrefix("https://") else { throw ValidationError("--hub must be an address such as http://127.0.0.1:8470") }
    }

    func run() async throws {
        let surroundings = Surroundings(time: WallTime(), random: Chance(), ids: Names())
        let made = try PaymentPlatforms(surroundings: surroundings)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let transport = try JournalledTransport(file: journal)
        var logger = Logger(label: "heyi-simulator", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .warning
        var (servers, accounts): ([(id: String, server: GatewaySimulatorServer)], [String]) = ([], [])
        for (index, (name, kind)) in PlatformsCommand.kinds.enumerated() {
            let callbackURL = "\(hub)/v1/gateways/\(name)"
            guard let id = ChannelID(name),
                let platform = made.make(kind, id: id, port: port + index, callbackURL: callbackURL, surroundings: surroundings)
            else { continue }
            servers.append(
                (name, GatewaySimulatorServer(platform.simulator, port: port + index, over: transport, time: surroundings.time, logger: logger)))
            accounts.append(try platform.account().written { file, secret in try keep(secret, in: file) })
        }
        try (["gateways:"] + accounts + [""]).joined(separator: "\n").write(toFile: "\(directory)/gateways.yaml", atomically: true, encoding: .utf8)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: servers.map(\.server), gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        async let stopped: Void = group.run()
        for (id, server) in servers {
            FileHandle.standardOutput.write(Data("\(id) listening on 127.0.0.1:\(try await server.port)\n".utf8))
        }
        try await stopped
    }

    /// Nobody else may read a key from the moment it is there.
    private func keep(_ secret: Secret, in file: String) throws -> String {
        let path = URL(fileURLWithPath: directory).appendingPathComponent(file).path
        guard FileManager.default.createFile(atPath: path, contents: Data(secret.revealed.utf8), attributes: [.posixPermissions: 0o600]) else {
            throw ValidationError("cannot write \(path)")
        }
        return path
    }
}

/// Carries callbacks to a hub on this machine, and writes down those it took.
private final class JournalledTransport: HTTPTransport {
    private let curl = CurlTransport(configuration: .ordinary)
    private let journal: Mutex<FileHandle?>

    init(file: String?) throws {
        guard let file else {
            journal = Mutex(nil)
            return
        }
        guard FileManager.default.createFile(atPath: file, contents: nil), let handle = FileHandle(forWritingAtPath: file) else {
            throw ValidationError("cannot write \(file)")
        }
        journal = Mutex(handle)
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var local = request
        local.addresses = .privateToo
        let answer = try await curl.send(local)
        guard (200..<300).contains(answer.status) else { return answer }
        let gateway = request.url.split(separator: "/").last.map(String.init) ?? ""
        let line: JSON = ["gateway": .string(gateway), "body": .string(String(decoding: request.body ?? [], as: UTF8.self))]
        let written = journal.withLock { handle in
            do { try handle?.write(contentsOf: Data((line.text + "\n").utf8)) } catch { return false }
            return true
        }
        // What cannot be written down must not count as taken.
        guard written else { throw .interrupted(reason: "the journal cannot be written") }
        return answer
    }
}

private struct Chance: RandomSource {
    func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

private struct Names: IDSource {
    private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")

    func next() -> String {
        let chance = Chance()
        return String((0..<20).map { _ in Names.letters[Int(chance.next() % 32)] })
    }
}
