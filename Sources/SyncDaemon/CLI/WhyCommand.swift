import ArgumentParser
import Commerce

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Tell how a value came to be and what each channel holds.",
        discussion: """
            Names an entity by kind/id, by SKU code or by a channel's own id. With @CHANNEL only that channel is shown.
            order/NUMBER explains an order: each line's price, its money, its goods and its state.

            Examples:
              heyi why product/0k3v9q
              heyi why TEA-250G@web
              heyi why order/20260312-k3v9q0m2ab
            """)

    @OptionGroup var options: OperatorOptions
    @Argument(help: "product/…, a SKU code or an alias, @CHANNEL may follow; or order/NUMBER.") var ref: String

    func run() throws {
        if ref.hasPrefix("order/") {
            return try options.ask(.init(target: OrderCommands.target(String(ref.dropFirst(6))))) { OrderWhy.lines($0) }
        }
        try options.ask(.init(target: SocketClient.target("why", [("ref", ref)]))) {
            WhyView.lines($0, now: Terminal.now(), width: Terminal.width)
        }
    }
}

enum WhyView {
    static func lines(_ report: JSON, now: Timestamp, width: Int) -> [String] {
        let entity = report["entity"]
        var lines = ["\(text(entity?["kind"]))/\(text(entity?["id"]))"]
        let aliases = (report["aliases"]?.array ?? []).map { text($0) }
        if !aliases.isEmpty { lines.append("also \(aliases.joined(separator: ", "))") }
        for unit in report["units"]?.array ?? [] { lines += section(unit, now: now) }
        let drift = report["drift"]?.array ?? []
        if !drift.isEmpty { lines += ["", "differed"] }
        for row in drift {
            let healed = row["healed_at"]?.integer == nil ? "not put right yet" : "put right \(Age.since(row["healed_at"], now: now)) ago"
            lines.append(
                "  @\(text(row["channel"])) \(text(row["unit"])) \(Age.since(row["found_at"], now: now)) ago: \(text(row["class"])), \(text(row["remedy"])), \(healed)")
            lines.append("           showed \(text(row["shown"])): \(text(row["reason"]))")
        }
        return lines.map { DisplayWidth.truncated($0, max(width, 80)) }
    }

    private static func section(_ unit: JSON, now: Timestamp) -> [String] {
        var lines = ["", "\(text(unit["unit"])) = \(text(unit["value"]))", "  rule     \(text(unit["policy"])): \(text(unit["decided"]))"]
        lines.append("  clock    " + (unit["clock"]?.object.map { $0.map { "\($0.name):\($0.value.text)" }.joined(separator: " ") } ?? "-"))
        let versions = unit["versions"]?.array ?? []
        if versions.count > 1 {
            for version in versions {
                let mark = version["live"]?.bool == true ? "live" : "kept"
                lines.append("  \(mark)     \(text(version["value"])) by \(text(version["author"])), \(Age.since(version["at"], now: now)) ago")
            }
        }
        for step in unit["history"]?.array ?? [] {
            lines.append("  #\(DisplayWidth.fit(text(step["seq"]), 7)) \(text(step["author"])) \(text(step["action"])) \(text(step["value"])), \(Age.since(step["at"], now: now)) ago")
        }
        for channel in unit["channels"]?.array ?? [] {
            lines.append("  @\(text(channel["channel"])) \(text(channel["state"])): \(text(channel["value"]))")
            var last: [String] = []
            if channel["last_push_at"]?.integer != nil { last.append("pushed \(Age.since(channel["last_push_at"], now: now)) ago") }
            if let answer = channel["last_answer"]?.string { last.append("answer \(PlainText.escaped(answer))") }
            if channel["next_attempt_at"]?.integer != nil { last.append("next \(Age.until(channel["next_attempt_at"], now: now))") }
            if !last.isEmpty { lines.append("           " + last.joined(separator: ", ")) }
        }
        return lines
    }

    private static func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
}
