import ArgumentParser
import ChannelAdapters
import Commerce
import Foundation

struct SupportBundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "support-bundle", abstract: "Pack what somebody needs to help you, without secrets or data.",
        discussion: """
            Holds the doctor's findings, status, metrics, the log in outline, the configuration's numbers, the store's
            schema and sizes, and figures of the host. Only what is on a list of allowed figures and words gets in: no
            secret, token, address, path, value, payload or name of a person. The file is for its owner alone (0600).

            Examples:
              heyi support-bundle --dry-run
              heyi support-bundle --since 48h --output support.tar.gz
              tar -xzOf support.tar.gz '*/doctor.json' | jq .
            """)

    @OptionGroup var options: OperatorOptions
    @OptionGroup var files: ConfigurationOptions
    @Option(name: [.short, .long], help: "A new file; default: heyi-support-TIME.tar.gz here.", completion: .file()) var output: String?
    @Option(name: .long, help: "How far back the log goes: 30m, 24h, 7d.") var since = "24h"
    @Flag(name: .long, help: "List what would be in it, and write nothing.") var dryRun = false

    func validate() throws {
        if LogCommand.instant(since, now: Timestamp(milliseconds: 0)) == nil {
            throw ValidationError("--since must be a time such as 30m, 24h or 7d, got \(since)")
        }
    }

    func run() async throws {
        let now = Terminal.now()
        let start = LogCommand.instant(since, now: now) ?? now
        let bundle = SupportBundle(
            try await SupportSources(options: options, source: files.source, since: start).gathered(), made: now)
        if dryRun {
            show(bundle, nil)
            return
        }
        let stamp = UTCText.full(now).filter { $0 != "-" && $0 != ":" }
        let path = output ?? "heyi-support-\(stamp).tar.gz"
        do {
            try SupportArchive.write(bundle, to: path, named: "heyi-support-\(stamp)")
        } catch {
            Terminal.say("heyi: \(error.description)")
            throw ExitStatus.cannotCreate.exit
        }
        show(bundle, path)
    }

    private func show(_ bundle: SupportBundle, _ path: String?) {
        if options.json {
            let files = bundle.files.map { file -> JSON in
                ["name": .string(file.name), "bytes": .integer(Int64(file.bytes.count)), "about": .string(file.about)]
            }
            return Terminal.print(JSON.object(JSONObject([("path", path.map(JSON.string) ?? .null), ("files", .array(files))])).text)
        }
        var table = Table([Table.Column(heading: "FILE"), Table.Column(heading: "SIZE", right: true), Table.Column(heading: "WHAT", narrowest: 20)])
        for file in bundle.files { table.add([file.name, Amount.bytes(Int64(file.bytes.count)), file.about]) }
        Terminal.print(table.lines(width: Terminal.width))
        Terminal.print(path.map { "wrote \($0), mode 0600; look into it: tar -xzOf \($0) | less" } ?? "nothing was written (--dry-run)")
    }
}

/// Asks the daemon, or what it left behind, for what a bundle is made of.
struct SupportSources {
    let options: OperatorOptions
    let source: ConfigurationSource
    let since: Timestamp

    private static let logMax = 1_000
    private static let patience: Duration = .seconds(60)

    func gathered() async throws -> SupportBundle.Sources {
        let doctor = try await DoctorRound(order: DoctorOrder(), options: options, source: source).run()
        guard doctor.byDaemon, let support = try ask("support") else {
            let transport = CurlTransport(configuration: .ordinary)
            let patient = await Patient.stopped(source, offline: true, transport: transport)
            let report = await SupportReport(patient)
            await transport.shutdown(grace: .zero)
            return SupportBundle.Sources(support: report.json, doctor: doctor.json)
        }
        let query: [(String, String?)] = [("since", String(max(0, since.milliseconds))), ("limit", String(SupportSources.logMax))]
        var metrics: String?
        try CommandFailure.explained {
            metrics = String(decoding: try client.bytes(.init(target: "/metrics")), as: UTF8.self)
        }
        return SupportBundle.Sources(
            support: support, doctor: doctor.json, status: try ask("status"), metrics: metrics,
            log: try ask("log", query)?["data"]?.array ?? [])
    }

    private var client: SocketClient {
        var client = options.client
        client.patience = { SupportSources.patience }
        return client
    }

    private func ask(_ path: String, _ query: [(String, String?)] = []) throws -> JSON? {
        var answer: JSON?
        try CommandFailure.explained {
            answer = try JSON.parse(try client.bytes(.init(target: SocketClient.target(path, query))))
        }
        return answer
    }
}
