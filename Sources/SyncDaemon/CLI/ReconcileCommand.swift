import ArgumentParser
import Commerce

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "Compare channels with the master as a whole and put right what differs.",
        discussion: """
            The daemon does this by itself, slowly (reconcile.every, reconcile.share). This does it now, within the
            channel's own limit. Without a channel all that are active are compared, one after the other.
            Exit code 0: nothing is left to do, 1: a person is needed (see --report), 75: try again.

            Examples:
              heyi reconcile web
              heyi reconcile web --dry-run
              heyi reconcile --report --open
              heyi reconcile web --accept-deletions --dry-run

            When so much is gone from a channel that it was halted, and it was taken down there on purpose,
            --accept-deletions deletes it in the master and at every other channel, and lets the channel go on.
            It shows first what would go and asks; a script says --at-most N instead, and when more is gone
            nothing is deleted. What was deleted stays in the report, in heyi why and in the audit.
            """)

    @OptionGroup var options: OperatorOptions
    @OptionGroup var page: PageOptions
    @Argument(help: "The channel. Default: all that are active and have an endpoint.") var channel: String?
    @Flag(help: "Compare and change nothing.") var dryRun = false
    @Flag(help: "What is gone from the channel was taken down on purpose: delete it here too.") var acceptDeletions = false
    @Option(help: "With --accept-deletions: do not ask, and delete nothing when more than N are gone.") var atMost: Int?
    @Flag(help: "Show what was found so far instead.") var report = false
    @Flag(help: "With --report: only what is not put right yet.") var open = false

    func validate() throws {
        if let atMost, atMost < 0 { throw ValidationError("--at-most must not be negative") }
        if atMost != nil, !acceptDeletions { throw ValidationError("--at-most goes with --accept-deletions") }
        if acceptDeletions, channel == nil { throw ValidationError("--accept-deletions needs a channel: heyi reconcile ID --accept-deletions") }
        if acceptDeletions, report { throw ValidationError("--accept-deletions does not go with --report") }
    }

    func run() throws {
        if report { return try showReport() }
        var needsPerson = false
        if acceptDeletions, let channel {
            guard let order = try accepted(channel) else { throw ExitStatus.degraded.exit }
            try reconcile(channel, order, &needsPerson)
        } else {
            for id in try channels() { try reconcile(id, [("dry_run", dryRun ? "true" : nil)], &needsPerson) }
        }
        if needsPerson { throw ExitStatus.degraded.exit }
    }

    /// - Returns: what is asked of the daemon; nil when the person thought better of it.
    private func accepted(_ id: String) throws -> [(String, String?)]? {
        if dryRun { return [("dry_run", "true"), ("accept_deletions", String(atMost ?? 1_000_000_000))] }
        if let atMost { return [("accept_deletions", String(atMost))] }
        guard Terminal.canAsk, !options.json else {
            throw ValidationError("without a terminal say how much may go: --accept-deletions --at-most N (see --dry-run)")
        }
        var ignored = false
        let found = try reconcile(id, [("dry_run", "true"), ("accept_deletions", "1000000000")], &ignored)
        let gone = found["vanished"]?.integer ?? 0
        if gone == 0 {
            Terminal.say("Nothing is gone that would have to be deleted.")
            return Terminal.ask("Let \(id) go on? Type yes: ") == "yes" ? [("accept_deletions", "0")] : nil
        }
        let answer = Terminal.ask("Delete these \(gone) in the master and at every other channel? Type \(gone) to do so: ")
        guard answer == String(gone) else {
            Terminal.say("Nothing was deleted.")
            return nil
        }
        return [("accept_deletions", String(gone))]
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

    @discardableResult
    private func reconcile(_ id: String, _ order: [(String, String?)], _ needsPerson: inout Bool) throws -> JSON {
        let target = SocketClient.target("channels/\(SocketClient.encoded(id))/reconcile", order)
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
        return summary
    }

    private func showReport() throws {
        let target = SocketClient.target(
            "drift", [("channel", channel), ("open", open ? "true" : nil)] + page.query)
        try options.ask(.init(target: target)) { ReconcileView.report.lines($0) }
    }
}

enum ReconcileView {
    private static let goneShown = 20

    /// `870 B`, `12.3 kB`, `4.5 MB`
    static func bytes(_ count: Int64) -> String {
        switch count {
        case ..<1_000: "\(count) B"
        case ..<1_000_000: "\(count / 1_000).\(count / 100 % 10) kB"
        default: "\(count / 1_000_000).\(count / 100_000 % 10) MB"
        }
    }

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
                + "\(ReconcileView.bytes(number("bytes"))), \(number("mismatches")) of \(number("buckets")) buckets differed",
        ]
        let found = (figures["found"]?.object.map { Array($0) } ?? []).filter { ($0.value.integer ?? 0) > 0 }
        lines.append("  found   " + (found.isEmpty ? "nothing" : found.map { "\($0.value.text) \($0.name)" }.joined(separator: ", ")))
        let remedies = (figures["remedies"]?.object.map { Array($0) } ?? []).filter { ($0.value.integer ?? 0) > 0 }
        if figures["dry_run"]?.bool == true {
            lines.append("  nothing was changed")
        } else if !remedies.isEmpty {
            lines.append("  done    " + remedies.map { "\($0.value.text) \($0.name)" }.joined(separator: ", "))
        }
        let gone = (figures["gone"]?.array ?? []).compactMap(\.string)
        if !gone.isEmpty {
            lines.append("  gone    \(number("vanished")) listings")
            lines += gone.prefix(ReconcileView.goneShown).map { "          " + PlainText.escaped($0) }
            let more = number("vanished") - Int64(min(gone.count, ReconcileView.goneShown))
            if more > 0 { lines.append("          … and \(more) more") }
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
