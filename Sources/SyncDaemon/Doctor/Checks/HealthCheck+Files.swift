import Commerce

extension HealthCheck {
    static let fileChecks = [
        HealthCheck(2, "log size", "how long the store's write-ahead log has become", examine: logSize),
        HealthCheck(3, "disk space", "room and free nodes where the store is, and whether it can be written", examine: diskSpace),
        HealthCheck(
            4, "permissions", "owner and mode of the store, the secrets and the configuration", examine: permissions),
        HealthCheck(26, "disk latency", "five small writes beside the store, until they are on disk", examine: diskLatency),
    ]

    private static let mebibyte: Int64 = 1 << 20
    private static let gibibyte: Int64 = 1 << 30

    @Sendable private static func logSize(_ patient: Patient) async throws -> Examination {
        let bytes = patient.host.file(patient.directory + "/heyi.db-wal")?.bytes ?? 0
        var symptoms: [Symptom] = []
        if bytes > 256 * mebibyte {
            symptoms.append(
                Symptom(
                    bytes > gibibyte ? .failure : .warning,
                    "the log has \(Amount.bytes(bytes)): a long read or a slow disk keeps it from being written back",
                    next: patient.inner == nil ? "systemctl start heyi" : "systemctl restart heyi"))
        }
        return Examination("\(Amount.bytes(bytes))", ["bytes": .integer(bytes)], symptoms)
    }

    @Sendable private static func diskSpace(_ patient: Patient) async throws -> Examination {
        let directory = patient.directory
        guard let disk = patient.host.disk(directory) else { return .skipped("\(directory) cannot be looked at") }
        var symptoms: [Symptom] = []
        let share = disk.bytes > 0 ? disk.freeBytes * 100 / disk.bytes : 100
        if disk.freeBytes < 64 * mebibyte || disk.freeBytes < 512 * mebibyte || share < 2 {
            symptoms.append(
                Symptom(
                    disk.freeBytes < 64 * mebibyte ? .failure : .warning,
                    "\(Amount.bytes(disk.freeBytes)) are free at \(directory), \(share) %", next: "df -h \(directory)"))
        }
        if disk.nodes > 0, disk.freeNodes * 100 / disk.nodes < 2 {
            symptoms.append(Symptom(.warning, "\(disk.freeNodes) files can still be made at \(directory)", next: "df -i \(directory)"))
        }
        if let fault = patient.inner?.storeFault { symptoms.append(Symptom(.storeUnwritable, detail: fault)) }
        return Examination(
            "\(Amount.bytes(disk.freeBytes)) free, \(share) %",
            ["free_bytes": .integer(disk.freeBytes), "bytes": .integer(disk.bytes), "free_nodes": .integer(disk.freeNodes)],
            symptoms)
    }

    @Sendable private static func permissions(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        var looked = 0
        let directory = patient.directory
        if let folder = patient.host.file(directory) {
            looked += 1
            if folder.mode & 0o077 != 0 {
                symptoms.append(
                    Symptom(
                        folder.mode & 0o022 != 0 ? .failure : .warning, "\(directory) has mode \(octal(folder.mode)), others get in",
                        next: "chmod 0700 \(directory)"))
            }
            for name in ["heyi.db", "heyi.db-wal", "heyi.db-shm", "heyi.life", "heyi.lock"] {
                guard let file = patient.host.file("\(directory)/\(name)") else { continue }
                looked += 1
                guard file.owner != folder.owner else { continue }
                symptoms.append(
                    Symptom(
                        .failure, "\(directory)/\(name) belongs to user \(file.owner), its directory to \(folder.owner)",
                        next: "chown --reference=\(directory) \(directory)/heyi.*"))
            }
        }
        for path in patient.secretFiles {
            guard let file = patient.host.file(path) else { continue }
            looked += 1
            if file.mode & 0o027 == 0 { continue }
            symptoms.append(
                Symptom(
                    file.mode & 0o007 != 0 ? .failure : .warning, "the secret \(path) has mode \(octal(file.mode))",
                    next: "chmod 0600 \(path)"))
        }
        if let path = patient.source?.path, let file = patient.host.file(path) {
            looked += 1
            if file.mode & 0o022 != 0 {
                symptoms.append(
                    Symptom(.failure, "others may change \(path), mode \(octal(file.mode))", next: "chmod 0640 \(path)"))
            } else if file.mode & 0o004 != 0 {
                symptoms.append(
                    Symptom(.notice, "everybody on this host may read \(path), mode \(octal(file.mode))", next: "chmod 0640 \(path)"))
            }
        }
        return Examination("\(looked) files and directories", ["looked_at": .integer(Int64(looked))], symptoms)
    }

    @Sendable private static func diskLatency(_ patient: Patient) async throws -> Examination {
        guard let times = await patient.host.syncTimes(patient.directory), !times.isEmpty else {
            return .skipped("nothing can be written in \(patient.directory)")
        }
        let middle = times[times.count / 2]
        var symptoms: [Symptom] = []
        if middle > .milliseconds(250) {
            symptoms.append(
                Symptom(
                    middle > .seconds(2) ? .failure : .warning,
                    "a write needs \(middle.milliseconds) ms to be on disk, and every commit waits for one",
                    next: "iostat -x 1 5"))
        }
        let microseconds = { (time: Duration) in JSON.integer(Int64(time / .microseconds(1))) }
        return Examination(
            "\(middle.milliseconds) ms", ["median_microseconds": microseconds(middle), "greatest_microseconds": microseconds(times[times.count - 1])],
            symptoms)
    }

    private static func octal(_ mode: UInt32) -> String { "0" + String(mode & 0o777, radix: 8) }
}

extension Patient {
    /// Files that hold secrets of channels, each once.
    var secretFiles: [String] {
        var paths: [String] = []
        for channel in channels where channel.isKept {
            for case .file(let path)? in channel.secrets where !paths.contains(path) { paths.append(path) }
        }
        return paths
    }
}
