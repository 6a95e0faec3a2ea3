import Commerce

/// The files of a support bundle, ready to be packed or listed.
struct SupportBundle: Sendable {
    struct File: Hashable, Sendable {
        let name: String
        let about: String
        let bytes: [UInt8]
    }

    /// What was gathered; each nil where no daemon answers.
    struct Sources: Sendable {
        let support: JSON
        let doctor: JSON
        var status: JSON?
        var metrics: String?
        var log: [JSON]?
    }

    let files: [File]

    /// - Parameter sources: The support report is made of allowed parts already; the others are as
    ///   operators get them, and are reduced here.
    init(_ sources: Sources, made: Timestamp) {
        let support = sources.support
        let names = Set((support["channels"]?.array ?? []).compactMap { $0["id"]?.string }.filter { ChannelID($0) != nil })
        var files: [File] = []
        func add(_ name: String, _ about: String, _ json: JSON?) {
            guard let json else { return }
            files.append(File(name: name, about: about, bytes: json.bytes + [UInt8(ascii: "\n")]))
        }
        add(
            "version.json", "version, and whether the daemon runs",
            ["heyi": .string(Heyi.version), "daemon_runs": support["daemon_runs"] ?? false, "made_at": .integer(made.milliseconds)])
        add("doctor.json", "every check with its figures", AllowedReport.doctor(sources.doctor, names: names))
        add("configuration.json", "numbers and switches; no path, address or secret", support["configuration"])
        add("store.json", "schema, rows of each table, counts of inbox and conflicts", support["store"])
        add("channels.json", "each channel's settings and capabilities, without its address", support["channels"])
        add("host.json", "kernel, memory, disk, libraries", support["host"])
        add("status.json", "the status report in figures", sources.status.map { AllowedReport.status($0, names: names) })
        if let metrics = sources.metrics {
            files.append(
                File(name: "metrics.txt", about: "samples of the metrics page", bytes: Array(AllowedReport.metrics(metrics, names: names).utf8)))
        }
        if let log = sources.log {
            let lines = log.map { AllowedReport.entry($0, names: names).text + "\n" }
            files.append(
                File(name: "log.jsonl", about: "\(log.count) log lines: when, what kind, which channel", bytes: Array(lines.joined().utf8)))
        }
        self.files = [SupportBundle.readme(files)] + files
    }

    private static func readme(_ files: [File]) -> File {
        let list = files.map { "  \(DisplayWidth.fit($0.name, 20)) \($0.about)" }.joined(separator: "\n")
        let text = """
            A support bundle of heyi \(Heyi.version). It holds:

            \(list)

            Everything here was put together from lists of allowed figures and words. Values, names of entities,
            payloads, addresses, paths, secrets, tokens and names of people are on no list. Where a text is shown,
            … stands for what was left out. The ids of channels are in it.

            """
        return File(name: "README.txt", about: "what is in here", bytes: Array(text.utf8))
    }
}
