import Commerce

extension HealthCheck {
    static let processChecks = [
        HealthCheck(18, "limits", "file descriptors and memory of this process", examine: limits),
        HealthCheck(19, "one daemon", "who holds the store, and whether it answers", examine: oneDaemon),
        HealthCheck(23, "libraries", "the versions of SQLite and libcurl that are linked", examine: libraries),
        HealthCheck(28, "program", "whether the program that runs is the one on disk", examine: program),
    ]

    private static let mebibyte: Int64 = 1 << 20
    /// STRICT tables and the checks of JSON came by then.
    private static let sqliteLeast = "3.38.0"
    /// Protocols are limited by name since then.
    private static let curlLeast = "7.85.0"

    @Sendable private static func limits(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        var evidence = JSONObject()
        var summary: [String] = []
        if let files = patient.host.descriptors() {
            evidence["descriptors_open"] = .integer(Int64(files.open))
            evidence["descriptors_max"] = .integer(Int64(files.max))
            summary.append("\(files.open) of \(files.max) descriptors")
            let wanted = patient.configuration.limits.connections + 256
            if files.open * 10 > files.max * 8 {
                symptoms.append(
                    Symptom(.warning, "\(files.open) of \(files.max) file descriptors are in use", next: "systemctl edit heyi (LimitNOFILE=65536)"))
            } else if patient.inner != nil, files.max < wanted {
                symptoms.append(
                    Symptom(
                        .notice, "\(files.max) file descriptors are fewer than limits.connections can need (\(wanted))",
                        next: "systemctl edit heyi (LimitNOFILE=65536)"))
            }
        }
        if let memory = patient.host.memory() {
            evidence["resident_bytes"] = .integer(memory.residentBytes)
            evidence["limit_bytes"] = memory.limitBytes.map { .integer($0) }
            evidence["available_bytes"] = memory.availableBytes.map { .integer($0) }
            summary.append("\(Amount.bytes(memory.residentBytes)) in use")
            if let limit = memory.limitBytes, memory.residentBytes > limit / 10 * 9 {
                symptoms.append(
                    Symptom(
                        .warning, "\(Amount.bytes(memory.residentBytes)) of \(Amount.bytes(limit)) allowed memory are in use",
                        next: "systemctl edit heyi (MemoryMax=2G)"))
            }
            if let available = memory.availableBytes, available < 128 * mebibyte {
                symptoms.append(Symptom(.warning, "the host has \(Amount.bytes(available)) of memory left", next: "free -m"))
            }
        }
        return Examination(summary.isEmpty ? "nothing says" : summary.joined(separator: ", "), .object(evidence), symptoms)
    }

    @Sendable private static func oneDaemon(_ patient: Patient) async throws -> Examination {
        let path = patient.directory + "/heyi.lock"
        let noted = ProcFile.lines(path).first.flatMap { $0.hasPrefix("pid ") ? Int32($0.dropFirst(4)) : nil }
        if let inner = patient.inner {
            var symptoms: [Symptom] = []
            if let noted, noted != inner.processID {
                symptoms.append(
                    Symptom(
                        .failure, "this daemon is process \(inner.processID), but process \(noted) has taken its directory too",
                        next: "systemctl status heyi, and end the one that is not its main process"))
            }
            return Examination("process \(inner.processID)", ["process": .integer(Int64(inner.processID))], symptoms)
        }
        if let holder = patient.host.lockHolder(path) {
            return Examination(
                "held by process \(holder)", ["holder": .integer(Int64(holder))],
                [
                    Symptom(
                        .failure, "process \(holder) holds \(patient.directory) and does not answer at \(patient.configuration.listen.socket)",
                        next: "systemctl status heyi; another socket: heyi doctor --socket PATH")
                ])
        }
        let left = patient.host.file(patient.configuration.listen.socket) != nil
        let symptom =
            left
            ? Symptom(.notice, "the daemon is not running and left its socket behind: it ended without a word", next: "journalctl -u heyi -n 100")
            : Symptom(.notice, "the daemon is not running", next: "systemctl start heyi")
        return Examination("stopped", ["socket_left": .bool(left)], [symptom])
    }

    @Sendable private static func libraries(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        for (name, version, least, package) in [
            ("SQLite", patient.host.sqliteVersion, sqliteLeast, "libsqlite3-0"), ("libcurl", patient.host.curlVersion, curlLeast, "libcurl4"),
        ] where isOlder(version, than: least) {
            symptoms.append(
                Symptom(.failure, "\(name) \(version) is older than \(least)", next: "apt-get install --only-upgrade \(package)"))
        }
        return Examination(
            "SQLite \(patient.host.sqliteVersion), libcurl \(patient.host.curlVersion)",
            ["sqlite": .string(patient.host.sqliteVersion), "libcurl": .string(patient.host.curlVersion)], symptoms)
    }

    @Sendable private static func program(_ patient: Patient) async throws -> Examination {
        guard patient.inner != nil, let path = patient.host.program() else { return .skipped("no daemon answers") }
        let isReplaced = path.hasSuffix(" (deleted)")
        let symptoms =
            isReplaced
            ? [Symptom(.notice, "the program was exchanged, and the one before it still runs", next: "systemctl restart heyi")] : []
        return Examination("version \(Heyi.version)", ["exchanged": .bool(isReplaced)], symptoms)
    }

    private static func isOlder(_ version: String, than least: String) -> Bool {
        let numbers = { (text: String) in text.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers(version).lexicographicallyPrecedes(numbers(least))
    }
}
