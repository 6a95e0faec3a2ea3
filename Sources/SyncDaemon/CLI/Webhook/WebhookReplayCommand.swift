import ArgumentParser
import Commerce

struct WebhookReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Apply kept callbacks again, or say what that would change.",
        discussion: """
            Takes those that are still kept (store.inbox_keep), oldest first, through the same path as when they came: what
            was applied already has no effect. Those set aside because their id came with another body are passed over.
            With --dry-run nothing is changed; each is judged by itself, as things are now.

            Examples:
              heyi callback replay --since 1h --dry-run
              heyi callback replay --channel web --since 2026-03-01T08:00
              heyi callback replay --id 812 --id 813
            """)

    @OptionGroup var options: OperatorOptions
    @Option(name: .long, help: "Only of this channel.") var channel: String?
    @Option(name: .long, help: "Not older than this: 30m, 2h, 7d, or a date and time in UTC.") var since: String?
    @Option(name: .long, help: "This one of heyi inbox list; may be repeated.") var id: [Int64] = []
    @Option(name: .long, help: "Only in this state: waiting, applied or dead.") var state: String?
    @Flag(name: .long, help: "Say what each would change, and change nothing.") var dryRun = false

    func validate() throws {
        guard channel != nil || since != nil || !id.isEmpty || state != nil else {
            throw ValidationError("say which: --since 1h, --channel ID, --state dead or --id N")
        }
        if let since, LogCommand.instant(since, now: Timestamp(milliseconds: 0)) == nil {
            throw ValidationError("--since must be a time such as 30m, 2h, 7d or 2026-03-01T08:15 (UTC), got \(since)")
        }
        if let state, !["waiting", "applied", "dead"].contains(state) {
            throw ValidationError("--state must be waiting, applied or dead, got \(state)")
        }
    }

    func run() throws {
        try CommandFailure.explained {
            let rows = try id.isEmpty ? kept() : id.map { try JSON.parse(options.client.bytes(.init(target: SocketClient.target("inbox/\($0)")))) }
            var counts = (done: 0, changes: 0)
            for row in rows.sorted(by: { ($0["id"]?.integer ?? 0) < ($1["id"]?.integer ?? 0) }) {
                counts.changes += try dryRun ? preview(row) : replay(row)
                counts.done += 1
            }
            guard !options.json else { return }
            if dryRun {
                Terminal.say("\(counts.done) callbacks, \(counts.changes) changes if they were applied now; nothing was changed")
            } else {
                Terminal.say("\(counts.done) callbacks are applied again; heyi inbox list shows how that goes")
            }
        }
    }

    /// The kept ones that are meant, newest first, read page by page until they are too old.
    private func kept() throws -> [JSON] {
        let start = since.flatMap { LogCommand.instant($0, now: Terminal.now()) }
        var rows: [JSON] = []
        var after: String?
        while true {
            let target = SocketClient.target("inbox", [("limit", "200"), ("after", after), ("state", state)])
            let page = try JSON.parse(options.client.bytes(.init(target: target)))
            for row in page["data"]?.array ?? [] {
                if let start, (row["received_at"]?.integer ?? 0) < start.milliseconds { return rows }
                let isMeant = channel == nil || row["channel"]?.string == channel
                if isMeant, row["state"]?.string != "quarantined" { rows.append(row) }
            }
            guard let next = page["next"]?.string else { return rows }
            after = next
        }
    }

    /// - Returns: how many values would become others.
    private func preview(_ row: JSON) throws -> Int {
        let report = try JSON.parse(options.client.bytes(.init(target: SocketClient.target("inbox/\(ListView.text(row["id"]))/effects"))))
        if options.json { Terminal.print(report.text) } else { Terminal.print(Self.lines(report)) }
        return (report["effects"]?.array ?? []).count { $0["what"] == "change" }
    }

    private func replay(_ row: JSON) throws -> Int {
        let target = SocketClient.target("inbox/\(ListView.text(row["id"]))/replay")
        let answer = try JSON.parse(options.client.bytes(.init(method: "POST", target: target)))
        Terminal.print(options.json ? answer.text : "callback \(ListView.text(row["id"])) of \(ListView.text(row["channel"])) is \(ListView.text(answer["state"]))")
        return 0
    }

    static func lines(_ report: JSON) -> [String] {
        func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
        let row = report["callback"] ?? .null
        var lines = ["callback \(text(row["id"])) of \(text(row["channel"])), \(text(row["state"])), message \(text(row["message_id"]))"]
        if report["fault"]?.string != nil { lines.append("  cannot be applied: \(text(report["fault"]))") }
        for effect in report["effects"]?.array ?? [] {
            let subject = text(effect["subject"])
            let reason = effect["reason"]?.string.map { " (\(PlainText.escaped($0)))" } ?? ""
            switch effect["what"]?.string {
            case "change":
                lines.append("  \(subject) would change\(reason)")
                lines.append("    - \(text(effect["before"]))")
                lines.append("    + \(text(effect["after"]))")
            case "noted": lines.append("  \(subject) would be noted, and stay \(text(effect["before"]))\(reason)")
            case "nothing": lines.append("  \(subject) would stay as it is\(reason)")
            case "refused": lines.append("  \(subject) would be refused\(reason)")
            case "question": lines.append("  \(subject) would be a question for a person\(reason)")
            default: lines.append("  \(subject): \(text(effect["what"]))\(reason)")
            }
        }
        return lines
    }
}
