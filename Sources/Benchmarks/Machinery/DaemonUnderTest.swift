import Foundation

/// A real daemon on a store of its own, configured for being measured.
final class DaemonUnderTest {
    /// One channel of its configuration.
    struct Channel {
        let id: String
        /// The port its shop listens on; nil for one that calls us.
        var port: Int?
    }

    static let secret = "whsec_" + Data((0..<32).map { UInt8($0 &* 7 &+ 3) }).base64EncodedString()

    let program: String
    let home: String
    let publicPort: Int
    let adminPort: Int
    private(set) var process: ChildProcess?

    init(program: String, home: String, channels: [Channel] = [], more: String = "") throws {
        self.program = program
        self.home = home
        publicPort = try LoopbackConnection.freePort()
        adminPort = try LoopbackConnection.freePort()
        _ = try DaemonUnderTest.secretFile(in: home)
        try Data((configuration(channels) + more).utf8).write(to: URL(fileURLWithPath: "\(home)/heyi.yaml"))
    }

    /// Writes the secret that daemon, load and shops of a trial share.
    static func secretFile(in directory: String) throws -> String {
        let path = "\(directory)/secret"
        try Data(secret.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        return path
    }

    /// Where its store is; to be filled while it does not run.
    var store: String { "\(home)/store" }

    private func configuration(_ channels: [Channel]) -> String {
        var text = """
            store:
              directory: \(store)
            listen:
              public: 127.0.0.1:\(publicPort)
              admin: 127.0.0.1:\(adminPort)
              socket: \(home)/heyi.sock
            log:
              level: error
            limits:
              requests_per_second: 100000
              address_requests_per_second: 100000
              gateway_requests_per_second: 100000
              shop_requests_per_second: 100000
            channels:

            """
        if channels.isEmpty { text = text.replacingOccurrences(of: "channels:\n", with: "") }
        for channel in channels {
            text += "  - id: \(channel.id)\n    kind: web\n    secrets: [file:\(home)/secret]\n    creates: true\n"
            if let port = channel.port {
                text += "    protocol: delta\n    endpoint: http://127.0.0.1:\(port)\n    allow_private_addresses: true\n"
            }
        }
        return text
    }

    /// Starts it and waits until it is ready.
    ///
    /// - Returns: seconds from the start of the process to the first answer that says so.
    @discardableResult
    func start() throws -> Double {
        let began = HostTime.nanoseconds
        let started = try ChildProcess(program, ["serve", "--config", "\(home)/heyi.yaml"])
        process = started
        while !isReady {
            try require(started.process.isRunning, "the daemon ended at once; see standard error")
            try require(HostTime.nanoseconds - began < 600_000_000_000, "the daemon was not ready within ten minutes")
            usleep(2_000)
        }
        return Double(HostTime.nanoseconds - began) / 1e9
    }

    private var isReady: Bool {
        do {
            return try LoopbackConnection(port: adminPort).exchange(
                Array("GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".utf8)) == 200
        } catch {
            // Nobody listens yet.
            return false
        }
    }

    var memory: Double? { process.flatMap { Machine.memory(of: $0.id) } }
    var memoryPeak: Double? { process.flatMap { Machine.memory(of: $0.id, peak: true) } }
    var processorSeconds: Double { process.flatMap { Machine.processorSeconds(of: $0.id) } ?? 0 }

    /// Runs one of its operator's commands.
    func command(_ arguments: [String]) throws -> String {
        try ChildProcess.run(program, arguments, environment: ["HEYI_SOCKET": "\(home)/heyi.sock"])
    }

    func stop() { process?.end() }
    func kill() { process?.kill() }
}
