import ArgumentParser
import Commerce

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compare channels with the master as a whole and put right what differs.",
        discussion: """
            The daemon does this by itself, slowly (reconcile.every, reconcile.share). This does it now, within the
            channel's own limit. Without a channel all that are active are compared, one after the other.
            Exit code 0: nothing is left to do, 1: a person is needed (see --report), 75: try again.

            Examples:
              heyi reconcile web
              heyi reconcile web --dry-run
              heyi reconcile --report --open
            """)

    @OptionGroup var options: OperatorOptions
    @OptionGroup var page: PageOptions
    @Argument(help: "The channel. Default: all that are active and have an endpoint.") var channel: String?
    @Flag(help: "Compare and change nothing.") var dryRun = false
    @Flag(help: "Show what was found so far instead.") var report = false
    @Flag(help: "With --report: only what is not put right yet.") var open = false

    func run() throws {
        if report { return try showReport() }
        var needsPerson = false
        for id in try channels() { try reconcile(id, &needsPerson) }
        if needsPerson { throw ExitStatus.degraded.exit }
    }

    private func channels() throws -> [String] {
        if let channel { return [channel] }
        var ids: [String] = []
        try CommandFailure.explained {
            let list = try JSON.parse(try options.client.bytes(.init(target: SocketClient.target("channels"))))
            for row in list["data"]?.array ?? [] where row["state"] == "active" && row["transport"] != "visiting" {
                if let id = row["id"]?.string { ids.append(id) }
            }
        }
        return ids
    }

    private func reconcile(_ id: String, _ needsPerson: inout Bool) throws {
        let target = SocketClient.target(
            "channels/\(SocketClient.encoded(id))/reconcile", [("dry_run", dryRun ? "true" : nil)])
        var lines = LineReader()
        var progress = ProgressLine(bytesTotal: nil)
        var summary: JSON?
        try CommandFailure.explained {
            _ = try options.client.send(.init(method: "POST", target: target)) { piece in
                if options.json { Terminal.pass(piece) }
                for line in lines.take(piece) {
                    let report = try JSON.parse(line)
                    switch report["type"]?.string {
                    case "progress":
                        progress.update(rows: report["figures"]?["compared"]?.integer ?? 0, bytes: 0)
                    case "error":
                        progress.end()
                        throw ClientError.refused(
                            status: Int(report["problem"]?["status"]?.integer ?? 500), body: report["problem"]?.bytes ?? [])
                    default: summary = report["figures"]
                    }
                }
            }
        }
        progress.end()
        guard let summary else {
            Terminal.say("heyi: the comparison broke off; what was put right stays so")
            throw ExitStatus.tryLater.exit
        }
        if !options.json { Terminal.print(ReconcileView.lines(id, summary)) }
        let left = (summary["remedies"]?["asked"]?.integer ?? 0) + (summary["remedies"]?["refused"]?.integer ?? 0)
        if left > 0 || summary["disbelieved"]?.string != nil { needsPerson = true }
    }

    private func showReport() throws {
        let target = SocketClient.target(
            "drift", [("channel", channel), ("open", open ? "true" : nil)] + page.query)
        try options.ask(.init(target: target)) { ReconcileView.report.lines($0) }
    }
}

enum ReconcileView {
    static func lines(_ id: String, _ figures: JSON) -> [String] {
        func number(_ name: String) -> Int64 { figures[name]?.integer ?? 0 }
        let listings = number("listings")
        let transferred = number("transferred")
        let permille = listings > 0 ? transferred * 1_000 / listings : 0
        let seconds = number("ms")
        let way = figures["way"] == "digests" ? "by digests" : "by its listing"
        var lines = [
            "\(id): \(number("compared")) of \(listings) listings compared \(way) in \(seconds / 1_000).\(seconds % 1_000 / 100) s",
            "  read    \(transferred) listings (\(permille / 10).\(permille % 10) %), \(number("requests")) requests, "
                + "\(number("mismatches")) of \(number("buckets")) buckets differed",
        ]
        let found = (figures["found"]?.object.map { Array($0) } ?? []).filter { ($0.value.integer ?? 0) > 0 }
        lines.append("  found   " + (found.isEmpty ? "nothing" : found.map { "\($0.value.text) \($0.name)" }.joined(separator: ", ")))
        let remedies = (figures["remedies"]?.object.map { Array($0) } ?? []).filter { ($0.value.integer ?? 0) > 0 }
        if figures["dry_run"]?.bool == true {
            lines.append("  nothing was changed")
        } else if !remedies.isEmpty {
            lines.append("  done    " + remedies.map { "\($0.value.text) \($0.name)" }.joined(separator: ", "))
        }
        if let reason = figures["disbelieved"]?.string { lines.append("  halted  " + PlainText.escaped(reason)) }
        return lines
    }

    static let report = ListView(
        columns: [
            .member("ID", "id", right: true), .member("CHANNEL", "channel", narrowest: 6),
            .member("LISTING", "listing", narrowest: 12), .member("UNIT", "unit", narrowest: 8),
            .member("CLASS", "class", narrowest: 11), .member("DONE", "remedy"), .age("FOUND", "found_at"),
            .age("HEALED", "healed_at"), .member("REASON", "reason", narrowest: 10),
        ],
        nothing: "no differences were found")
}
