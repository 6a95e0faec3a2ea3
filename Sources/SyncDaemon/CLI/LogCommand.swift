import ArgumentParser
import Commerce

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show what happened, newest last, or follow it.",
        discussion: """
            Operators' acts and changes of units come from the store, what the daemon decided and met from its memory:
            its newest events since it was started; the journal has the older ones. With --json every line is one JSON object.

            Examples:
              heyi log
              heyi log --since 2h --channel web
              heyi log --since 2026-03-01T08:00 --limit 1000
              heyi log -f
              journalctl -u heyi --since today
            """)

    @OptionGroup var options: OperatorOptions

    @Flag(name: [.short, .long], help: "Go on with what is new until interrupted.")
    var follow = false

    @Option(name: .long, help: "Only this channel.")
    var channel: String?

    @Option(name: .long, help: "Not older than this: 30m, 2h, 7d, or a date and time in UTC.")
    var since: String?

    @Option(name: .long, help: "The newest so many lines, 1…1000.")
    var limit = 50

    func validate() throws {
        guard (1...1_000).contains(limit) else { throw ValidationError("--limit must be 1…1000, got \(limit)") }
        if let since, Self.instant(since, now: Timestamp(milliseconds: 0)) == nil {
            throw ValidationError("--since must be a time such as 30m, 2h, 7d or 2026-03-01T08:15 (UTC), got \(since)")
        }
    }

    func run() throws {
        let start = since.flatMap { Self.instant($0, now: Terminal.now()) }
        let query: [(String, String?)] = [
            ("since", start.map { String(max(0, $0.milliseconds)) }), ("limit", String(limit)), ("channel", channel),
        ]
        try CommandFailure.explained {
            let part = try JSON.parse(options.client.bytes(.init(target: SocketClient.target("log", query))))
            for entry in part["data"]?.array ?? [] { show(entry) }
            guard follow else { return }
            let target = SocketClient.target("log/stream", [("after", part["place"]?.string), ("channel", channel)])
            var events = EventLines()
            _ = try options.client.send(.init(target: target, headers: [("Accept", "text/event-stream")])) { piece in
                for text in events.take(piece) { try show(JSON.parse(text)) }
            }
        }
    }

    /// The instant a person means by a time back from now, or by a date and time.
    static func instant(_ text: String, now: Timestamp) -> Timestamp? {
        if let back = DurationText.read(text) { return Timestamp(milliseconds: now.milliseconds - back.milliseconds) }
        return UTC.read(text)
    }

    private func show(_ entry: JSON) { Terminal.print(options.json ? entry.text : Self.line(entry)) }

    static func line(_ entry: JSON) -> String {
        let time = entry["at"]?.integer.map { UTC.text(Timestamp(milliseconds: $0)) } ?? "-"
        let level = (entry["level"]?.string ?? "info").uppercased()
        var words = [String(time), DisplayWidth.fit(level == "WARNING" ? "WARN" : level, 5)]
        words.append(PlainText.escaped(ListView.text(entry["text"])))
        var names: [String] = []
        for (key, member) in [("evt", "code"), ("channel", "channel"), ("entity", "entity"), ("by", "by")] {
            if let value = entry[member]?.string { names.append("\(key)=\(PlainText.quoted(value))") }
        }
        return (words + (names.isEmpty ? [] : [" " + names.joined(separator: " ")])).joined(separator: " ")
    }
}

/// Takes server-sent events apart; only their data matters here.
struct EventLines {
    private var line: [UInt8] = []
    private var data: [String] = []

    /// - Returns: The data of every event that these bytes complete.
    mutating func take(_ bytes: ArraySlice<UInt8>) -> [String] {
        var complete: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            let text = String(decoding: line, as: UTF8.self)
            line = []
            if text.isEmpty {
                if !data.isEmpty { complete.append(data.joined(separator: "\n")) }
                data = []
            } else if text.hasPrefix("data:") {
                data.append(String(text.dropFirst(text.hasPrefix("data: ") ? 6 : 5)))
            }
        }
        return complete
    }
}
