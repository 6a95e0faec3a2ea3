import ArgumentParser
import Commerce

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show what the daemon decided lately, or follow it.",
        discussion: """
            Shows the newest events the daemon keeps in memory; the journal has the rest.
            With --json every event is one JSON line.

            Examples:
              heyi log
              heyi log -f --channel web
              journalctl -u heyi --since today
            """)

    @OptionGroup var options: OperatorOptions

    @Flag(name: [.short, .long], help: "Go on showing new events until interrupted.")
    var follow = false

    @Option(name: .long, help: "Only this channel.")
    var channel: String?

    @Option(name: .long, help: "With -f: begin after the event of this number.")
    var after: Int?

    func run() throws {
        guard follow else {
            return try CommandFailure.explained {
                let report = try JSON.parse(options.client.bytes(.init(target: SocketClient.target("status"))))
                // The report has the newest first; a log is read downwards.
                for event in (report["recent"]?.array ?? []).reversed() { show(event) }
            }
        }
        let target = SocketClient.target("events", [("after", after.map(String.init))])
        var events = EventLines()
        try CommandFailure.explained {
            _ = try options.client.send(.init(target: target, headers: [("Accept", "text/event-stream")])) { piece in
                for text in events.take(piece) { try show(JSON.parse(text)) }
            }
        }
    }

    private func show(_ event: JSON) {
        if let channel, event["channel"]?.string != channel { return }
        Terminal.print(options.json ? event.text : Self.line(event))
    }

    static func line(_ event: JSON) -> String {
        let time = event["at"]?.integer.map { UTC.text(Timestamp(milliseconds: $0)) } ?? "-"
        let level = (event["level"]?.string ?? "info").uppercased()
        var words = [String(time), DisplayWidth.fit(level == "WARNING" ? "WARN" : level, 5)]
        words.append(PlainText.escaped(ListView.text(event["text"])))
        var names: [String] = []
        for (key, member) in [("evt", "code"), ("channel", "channel"), ("entity", "entity"), ("trace", "trace_id")] {
            if let value = event[member]?.string { names.append("\(key)=\(PlainText.quoted(value))") }
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
