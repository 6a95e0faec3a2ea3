import Foundation

/// A PostgreSQL cluster of a trial's own in a temporary directory, never the system's.
///
/// Runs as the user `postgres` where we are root, which PostgreSQL refuses to be.
final class PostgresCluster {
    private let directory: String
    private let port: Int
    private let tools: String
    /// What makes a command run as the user the cluster belongs to.
    private let prefix: [String]
    private var server: ChildProcess?

    /// - Returns: nil where PostgreSQL is not installed.
    static func make(in scratch: Scratch, _ name: String, settings: [String: String] = [:]) throws -> PostgresCluster? {
        let known = ["/usr/lib/postgresql/15/bin"]
        guard let initdb = ChildProcess.find("initdb", besides: known), ChildProcess.find("pgbench", besides: known) != nil else {
            return nil
        }
        let tools = URL(fileURLWithPath: initdb).resolvingSymlinksInPath().deletingLastPathComponent().path
        guard geteuid() != 0 || getpwnam("postgres") != nil else { return nil }
        return try PostgresCluster(directory: scratch.directory(name), tools: tools, settings: settings)
    }

    private init(directory: String, tools: String, settings: [String: String]) throws {
        self.directory = directory
        self.tools = tools
        port = try LoopbackConnection.freePort()
        if geteuid() == 0 {
            try ChildProcess.run("/bin/chown", ["postgres", directory])
            prefix = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        } else {
            prefix = []
        }
        try run("initdb", ["-D", "\(directory)/db", "--auth=trust", "-U", "bench", "--encoding=UTF8", "--no-sync"])
        var lines = [
            "listen_addresses = ''", "unix_socket_directories = '\(directory)'", "port = \(port)",
            "fsync = on", "synchronous_commit = on", "wal_level = logical", "shared_buffers = 512MB",
            "max_wal_size = 4GB", "wal_retrieve_retry_interval = 10ms", "max_connections = 200", "logging_collector = off",
        ]
        lines += settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
        for line in lines {
            try run("sh", ["-c", "echo \"\(line)\" >> \(directory)/db/postgresql.conf"])
        }
        server = try ChildProcess(
            prefix.first ?? "\(tools)/postgres", Array((prefix + ["\(tools)/postgres", "-D", "\(directory)/db"]).dropFirst()), quiet: true)
        for _ in 0..<200 {
            do {
                try query("SELECT 1")
                return
            } catch { usleep(50_000) }
        }
        throw MeasuringFailed(description: "PostgreSQL did not start; see \(directory)")
    }

    /// For another cluster that subscribes to this one.
    var connection: String { "host=\(directory) port=\(port) user=bench dbname=postgres" }

    @discardableResult
    func query(_ text: String) throws -> String {
        try run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", connection, "-c", text])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A connection that has done something in a transaction and keeps it open until it is ended.
    func session(_ text: String) throws -> Session {
        let words = prefix + ["\(tools)/psql", "-X", "-q", "-d", connection, "-c", "BEGIN; \(text); SELECT pg_sleep(3600)"]
        return Session(cluster: self, process: try ChildProcess(words[0], Array(words.dropFirst()), readsOutput: true, quiet: true))
    }

    final class Session {
        private let cluster: PostgresCluster
        private let process: ChildProcess

        fileprivate init(cluster: PostgresCluster, process: ChildProcess) {
            self.cluster = cluster
            self.process = process
        }

        /// The server ends it, which a client that is killed would only come to notice.
        func end() throws {
            try cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; %pg_sleep(3600)'")
            process.end(SIGKILL)
        }
    }

    /// Asks until there is an answer.
    func wait(for question: String) async throws {
        for _ in 0..<600 {
            if try !query(question).isEmpty { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw MeasuringFailed(description: "PostgreSQL never answered: \(question)")
    }

    /// Transactions a second of one script from `clients` connections.
    func bench(script: String, clients: Int, seconds: Int) throws -> Double {
        let file = "\(directory)/script.sql"
        try run("sh", ["-c", "cat > \(file) <<'END'\n\(script)\nEND"])
        let text = try run(
            "pgbench",
            ["-n", "-M", "prepared", "-c", "\(clients)", "-j", "2", "-T", "\(seconds)", "-f", file, "-h", directory,
             "-p", "\(port)", "-U", "bench", "postgres"])
        for line in text.split(separator: "\n") where line.hasPrefix("tps = ") {
            if let rate = line.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) }) { return rate }
        }
        throw MeasuringFailed(description: "pgbench said no rate: \(text.suffix(400))")
    }

    @discardableResult
    private func run(_ tool: String, _ arguments: [String]) throws -> String {
        let words = prefix + [tool == "sh" ? "/bin/sh" : "\(tools)/\(tool)"] + arguments
        return try ChildProcess(words[0], Array(words.dropFirst()), readsOutput: true, quiet: tool == "psql").finished()
    }

    /// At once: nothing of it is needed any more.
    func stop() { server?.end(SIGQUIT) }
}
