import ArgumentParser
import Commerce

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Answer in one screen whether all is well.",
        discussion: """
            Problems come first, each with the next command to run; then one line for each channel.
            Exit code 0: all is well, 1: something needs attention, 69: no daemon answers.

            Examples:
              heyi status
              heyi status --json | jq .verdict
            """)

    @OptionGroup var options: OperatorOptions

    func run() throws {
        var verdict: String?
        try CommandFailure.explained {
            let bytes = try options.client.bytes(.init(target: SocketClient.target("status")))
            let report = try JSON.parse(bytes)
            verdict = report["verdict"]?.string
            if options.json {
                Terminal.pass(bytes[...])
            } else {
                Terminal.print(StatusScreen.lines(report, now: Terminal.now(), width: Terminal.width))
            }
        }
        if verdict != "ok" { throw ExitStatus.degraded.exit }
    }
}

/// The status report as people read it.
enum StatusScreen {
    static func lines(_ report: JSON, now: Timestamp, width: Int) -> [String] {
        let uptime = Age.text(seconds: report["uptime_seconds"]?.integer ?? 0)
        var lines = ["heyi \(ListView.text(report["version"])) up \(uptime): \(ListView.text(report["verdict"]))"]
        for problem in report["problems"]?.array ?? [] {
            lines.append(DisplayWidth.truncated("# " + PlainText.escaped(ListView.text(problem["text"])), width))
            lines.append("#   next: " + PlainText.escaped(ListView.text(problem["next"])))
        }
        lines.append("")
        lines += channels(report["channels"]?.array ?? [], now: now, width: width)
        lines.append("")
        lines += gateways(report["gateways"] ?? [:], now: now, width: width)
        let inbox = report["inbox"] ?? [:]
        let store = report["store"] ?? [:]
        let conflicts = report["conflicts_open"]?.integer ?? 0
        lines.append(
            "inbox \(ListView.text(inbox["waiting"])) waiting, \(ListView.text(inbox["dead"])) given up, \(ListView.text(inbox["quarantined"])) quarantined · conflicts \(conflicts) open")
        lines.append(
            "store \(ListView.text(store["entities"])) entities, seq \(ListView.text(store["feed_head"])), \(Amount.bytes(store["file_bytes"]?.integer ?? 0)) + \(Amount.bytes(store["wal_bytes"]?.integer ?? 0)) log")
        return lines
    }

    /// Nothing where there are no accounts.
    private static func gateways(_ gateways: JSON, now: Timestamp, width: Int) -> [String] {
        guard let accounts = gateways["accounts"]?.array, !accounts.isEmpty else { return [] }
        let lines = accounts.map { account in
            let state = account["fault"]?.string.map { "fault: \(PlainText.escaped($0))" } ?? "connected"
            let heard = account["last_heard"]?.integer.map { "heard \(Age.text(seconds: max(0, (now.milliseconds - $0) / 1_000))) ago" }
            let refused = account["refused"]?.integer ?? 0
            return DisplayWidth.truncated(
                "gateway \(ListView.text(account["id"])) (\(ListView.text(account["kind"]))): \(state), \(heard ?? "not heard yet")"
                    + (refused > 0 ? ", \(refused) refused" : ""), width)
        }
        return lines + [
            "money \(ListView.text(gateways["payments_in_doubt"])) payments in doubt, \(ListView.text(gateways["refunds_unknown"])) refunds unknown, \(ListView.text(gateways["refunds_refused"])) refused · parcels \(ListView.text(gateways["parcels_followed"])) followed, \(ListView.text(gateways["parcels_stalled"])) stalled",
            "",
        ]
    }

    private static func channels(_ rows: [JSON], now: Timestamp, width: Int) -> [String] {
        guard !rows.isEmpty else { return ["no channels yet: heyi channel add --help"] }
        return ChannelView.list.lines(["data": .array(rows)], now: now, width: width)
    }
}

/// Amounts as people read them.
enum Amount {
    static func bytes(_ count: Int64) -> String {
        var value = count
        for unit in ["B", "KiB", "MiB"] {
            if value < 10_240 { return "\(value) \(unit)" }
            value /= 1_024
        }
        return "\(value) GiB"
    }
}
