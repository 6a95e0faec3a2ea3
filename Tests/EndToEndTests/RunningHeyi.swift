import ChannelAdapters
import Commerce
import Foundation
import Testing

/// A real `heyi serve` on a fresh store, with simulated shops as its channels.
///
/// All processes are killed and all files removed when the test's body ends.
final class RunningHeyi {
    let folder: TemporaryFolder
    private(set) var shops: [RunningShop] = []
    private var channels: [String] = []
    /// The one secret that all shops share at which nobody listens.
    private var deadSecret: String?
    private var daemon: ChildProcess?
    private let ports: (public: Int, admin: Int)
    /// Where the store is; another one takes effect at the next start.
    var directory: String
    /// What the daemon at its next start, and each shop added from now on, finds in its environment.
    var environment: [String: String] = [:]

    var publicURL: String { "http://127.0.0.1:\(ports.public)" }
    var log: String { (try? folder.text("log")) ?? "" }
    var processID: pid_t { daemon?.id ?? 0 }

    /// Runs `body` with a daemon that serves.
    ///
    /// - Parameter visitors: Channels that come by themselves; any may create entities.
    static func serving(
        shops: [String] = [], visitors: [String] = [], _ body: (RunningHeyi) async throws -> Void
    ) async throws {
        let heyi = try RunningHeyi()
        do {
            for shop in shops { try await heyi.addShop(shop) }
            for visitor in visitors { try heyi.addVisitor(visitor) }
            try heyi.configure()
            try await heyi.start()
            try await body(heyi)
        } catch {
            Issue.record("\(error)\nthe daemon's last words:\n\(heyi.log.suffix(4_000))")
        }
        await heyi.clean()
    }

    private init() throws {
        folder = try TemporaryFolder()
        ports = (try Loopback.freePort(), try Loopback.freePort())
        directory = folder.file("store")
    }

    private func clean() async {
        for process in shops.map(\.process) + [daemon].compactMap(\.self) {
            process.signal(SIGKILL)
            _ = await process.ended()
        }
        folder.remove()
    }

    // MARK: Configuration

    /// Starts a shop and declares it; `configure` and a start or reload make it a channel.
    func addShop(_ id: String) async throws {
        let secret = try writeSecret(id)
        let shop = try await RunningShop.start(id, face: "delta", secretFile: secret, environment: environment, in: folder)
        shops.append(shop)
        channels.append(
            """
              - id: \(id)
                kind: web
                endpoint: http://127.0.0.1:\(shop.port)
                secrets: [file:\(secret)]
                pull_every: 1s
                allow_private_addresses: true
            """)
    }

    /// A shop at an address of this host where nobody listens.
    func addDeadShop(_ id: String, host: String) throws {
        let secret = try deadSecret ?? writeSecret("dead")
        deadSecret = secret
        channels.append(
            """
              - id: \(id)
                kind: web
                endpoint: http://\(host):9
                secrets: [file:\(secret)]
                allow_private_addresses: true
            """)
    }

    func addVisitor(_ id: String) throws {
        channels.append("  - id: \(id)\n    kind: app\n    secrets: [file:\(try writeSecret(id))]\n    creates: true")
    }

    func shop(_ id: String) throws -> RunningShop { try #require(shops.first { $0.id == id }) }

    func secret(of channel: String) throws -> String { try folder.text("\(channel).secret") }

    /// Writes the configuration; `extra` are lines of its own.
    func configure(extra: String = "", publicURL: String? = nil) throws {
        try folder.write(
            """
            store:
              directory: \(directory)
            listen:
              public: 127.0.0.1:\(ports.public)
              admin: 127.0.0.1:\(ports.admin)
              socket: \(folder.file("heyi.sock"))
              public_url: \(publicURL ?? "")
            \(extra)
            channels:\(channels.isEmpty ? " []" : "")
            \(channels.joined(separator: "\n"))

            """, to: "heyi.yaml")
    }

    private func writeSecret(_ id: String) throws -> String {
        let bytes = Array("the secret of \(id), long enough".utf8)
        try folder.write("whsec_\(Data(bytes).base64EncodedString())", to: "\(id).secret", secret: true)
        return folder.file("\(id).secret")
    }

    // MARK: Life

    /// Starts the daemon and waits until it says that it is ready.
    func start() async throws {
        let daemon = try ChildProcess(
            "\(Binary.directory)/heyi", ["serve", "--config", folder.file("heyi.yaml")], environment: environment,
            output: folder.file("log"), errors: folder.file("log"))
        self.daemon = daemon
        try await eventually("the daemon is ready") {
            if daemon.hasEnded { throw Overdue(description: "heyi serve ended by itself") }
            return await Loopback.send(.get, "http://127.0.0.1:\(self.ports.admin)/readyz")?.status == 200 ? true : nil
        }
    }

    func signal(_ number: Int32) { daemon?.signal(number) }

    /// Ends the daemon by a signal, however it hangs: what it does then is told, and it is killed.
    ///
    /// - Returns: its exit code.
    @discardableResult
    func end(_ number: Int32) async -> Int32? {
        guard let daemon else { return nil }
        daemon.signal(number)
        let log = folder.file("log")
        let patience = Task { @Sendable in
            do { try await Task.sleep(for: .seconds(60)) } catch { return }
            Issue.record("signal \(number) did not end the daemon\n\(daemon.threads)\nits last words:\n\((try? String(contentsOfFile: log, encoding: .utf8))?.suffix(4_000) ?? "")")
            daemon.signal(SIGKILL)
        }
        defer { patience.cancel() }
        return await daemon.ended()
    }
}
