import Commerce

extension TopFrame {
    /// Everything that is known of the chosen channel.
    func channel(_ readings: TopReadings, rows: Int) -> [FrameLine] {
        let all = view.rows(readings)
        let status = readings.now.status
        guard let id = view.chosen, let row = all.first(where: { $0.id == id }),
            let channel = status["channels"]?.array?.first(where: { $0["id"]?.string == id })
        else { return [FrameLine("\(view.chosen ?? "the channel") is gone", .warning)] }
        func text(_ name: String) -> String { PlainText.escaped(ListView.text(channel[name])) }
        let now = Timestamp(milliseconds: status["at"]?.integer ?? 0)
        var lines = [
            FrameLine(id, .strong) + FrameLine("  \(text("kind")), \(text("transport"))  ")
                + FrameLine(row.state, row.look == .plain ? .good : row.look)
        ]
        func fact(_ name: String, _ words: String, _ look: FrameLine.Look = .plain) {
            lines.append(FrameLine(DisplayWidth.fit(name, 11), .faint) + FrameLine(words, look))
        }
        if channel["reason"]?.string != nil { fact("reason", text("reason"), .bad) }
        let units = "\(row.units) units, the oldest \(TopColumn.lag.cell(row)) old, \(text("in_flight")) in flight"
        fact("behind", row.units == 0 ? "nothing" : units, row.lag > 60 ? .warning : .plain)
        fact("pushed", "\(Age.since(channel["last_push_at"], now: now)) ago, \(RateText.text(row.pushes))/s; \(counts("heyi_push_total", id))")
        fact("pulled", "\(Age.since(channel["last_pull_at"], now: now)) ago; \(counts("heyi_pull_total", id))")
        fact("edits", counts("heyi_channel_edits_total", id))
        fact("callbacks", counts("heyi_callback_total", id))
        for (index, answer) in answers(id).enumerated() { fact(index == 0 ? "answers in" : "", answer) }
        let confirmed = quantiles("heyi_channel_confirm_seconds", ["channel": id])
        fact("confirms", confirmed.map { "\($0) after the commit" } ?? "nothing yet since the daemon began")
        fact("queue", "retrying \(row.retrying), unknown \(row.unknown), dead \(row.dead)", row.dead > 0 ? .bad : .plain)
        if row.retrying + row.unknown + row.dead > 0 { fact("", "heyi queue list --channel \(id)", .faint) }
        fact("conflicts", "\(row.conflicts)")
        if let drift = row.drift { fact("drift", "\(drift) units differ", drift > 0 ? .warning : .plain) }
        if channel["rate_budget"]?.integer != nil { fact("budget", "\(text("rate_budget")) of 100 requests left") }
        if channel["last_error"]?.string != nil { fact("last error", text("last_error"), .warning) }
        return lines + recent(status, id, room: rows - lines.count)
    }

    /// The newest events of the channel, as many as there is room for; the newest last.
    private func recent(_ status: JSON, _ id: String, room: Int) -> [FrameLine] {
        let events = (status["recent"]?.array ?? []).filter { $0["channel"]?.string == id }
        guard !events.isEmpty, room > 2 else { return [] }
        let shown = events.prefix(room - 2).reversed().map { event in
            let time = event["at"]?.integer.map { String(UTC.text(Timestamp(milliseconds: $0)).dropFirst(11).prefix(8)) } ?? "-"
            let code = PlainText.escaped(ListView.text(event["code"]))
            let look: FrameLine.Look = event["level"]?.string == "error" ? .bad : event["level"]?.string == "warning" ? .warning : .plain
            return FrameLine("\(time)  ", .faint) + FrameLine("\(code)  \(PlainText.escaped(ListView.text(event["text"])))", look)
        }
        return [FrameLine(), FrameLine("newest events", .strong)] + shown
    }

    private func counts(_ name: String, _ id: String) -> String {
        guard let figures = readings?.now.figures else { return "-" }
        let words = figures.values(of: "result", in: name, ["channel": id]).map { result in
            "\(result) \(Int64(figures.sum(name, ["channel": id, "result": result]) ?? 0))"
        }
        return words.isEmpty ? "none since the daemon began" : words.joined(separator: ", ")
    }

    /// A line for each thing it is asked for.
    private func answers(_ id: String) -> [String] {
        let name = "heyi_channel_request_duration_seconds"
        let operations = readings?.now.figures.values(of: "operation", in: "\(name)_count", ["channel": id]) ?? []
        let words = operations.compactMap { operation in
            quantiles(name, ["channel": id, "operation": operation]).map { "\(operation) \($0)" }
        }
        return words.isEmpty ? ["-"] : words
    }

    private func quantiles(_ name: String, _ labels: [String: String]) -> String? {
        guard let figures = readings?.now.figures, let half = figures.quantile(0.5, of: name, labels) else { return nil }
        return "\(RateText.time(half)) (p99 \(RateText.time(figures.quantile(0.99, of: name, labels))))"
    }
}

/// What the keys do.
enum TopHelp {
    static let lines: [FrameLine] = [
        ("s  S", "sort by the next column; the other way round"), ("/", "show only channels whose name holds a text"),
        ("Enter", "one channel with its figures and newest events; Esc goes back"),
        ("↑ ↓ j k", "choose a channel; Page up, Page down, g, G"), ("p", "pause, and go on"), ("? h", "this"),
        ("Ctrl-L", "draw everything anew"), ("q", "quit"), ("", ""),
        ("UNITS LAG", "units a channel has not got, and the age of the oldest"),
        ("PUSH/S", "units it confirmed a second"), ("PULLED", "since the last pull that went well"),
        ("RETRY", "pushes that failed and are tried again"), ("UNKN", "pushes nobody answered; they are read back"),
        ("DEAD", "pushes given up: heyi queue list --state dead"), ("CONFL", "conflicts that wait: heyi conflicts list"),
    ].map { FrameLine(DisplayWidth.fit($0.0, 11), .strong) + FrameLine($0.1) }
}
