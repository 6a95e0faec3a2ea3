import Commerce

/// One picture of the whole screen, made of what was read and of what the person chose.
struct TopFrame {
    let readings: TopReadings?
    let view: TopView
    let width: Int
    let height: Int
    /// Why there is no news, with the seconds since when; nil while the daemon answers.
    var silence: (reason: String, seconds: Int64)?
    /// How often it is read, in words.
    var every = "2s"

    /// At most `height` lines of at most `width` columns; the last one is the footer.
    var lines: [FrameLine] {
        var lines = header
        let body = max(0, height - lines.count - 1)
        if view.showsHelp {
            lines += TopHelp.lines.prefix(body)
        } else if let readings {
            lines += view.showsChannel ? channel(readings, rows: body) : table(readings, rows: body)
        }
        lines = Array(lines.prefix(max(0, height - 1)))
        lines += Array(repeating: FrameLine(), count: max(0, height - 1 - lines.count))
        return (lines + [footer]).map { $0.cut(to: width) }
    }

    /// All there is, for a pipe: no screen limits it and nothing is chosen.
    var plain: [String] {
        guard let readings else { return header.map(\.text) }
        return (header + rows(readings, view.rows(readings), chosen: nil)).map { $0.cut(to: width).text }
    }

    /// Channels on one page of the screen.
    var page: Int { max(1, height - header.count - 2) }

    // MARK: Header

    private var header: [FrameLine] {
        guard let readings else {
            return [silenceLine ?? FrameLine("heyi: waiting for the daemon's first answer", .faint), FrameLine()]
        }
        let status = readings.now.status
        func text(_ name: String) -> String { ListView.text(status[name]) }
        let verdict = text("verdict")
        let up = Age.text(seconds: status["uptime_seconds"]?.integer ?? 0)
        let time = status["at"]?.integer.map { String(UTC.text(Timestamp(milliseconds: $0)).dropFirst(11).prefix(8)) + "Z" } ?? "-"
        let first = FrameLine("heyi \(text("version"))  ", .strong) + FrameLine(verdict, TopFrame.look(verdict))
            + FrameLine("  up \(up)")
        let right = view.isPaused ? FrameLine("paused at \(time)", .warning) : FrameLine("\(time), every \(every)", .faint)
        return [
            first.filled(with: right, to: width), FrameLine(rates(readings)), FrameLine(depths(readings)),
            silenceLine ?? problem(status), FrameLine(),
        ]
    }

    private var silenceLine: FrameLine? {
        silence.map { FrameLine("\($0.reason); since \(Age.text(seconds: $0.seconds)), trying again", .bad) }
    }

    private func rates(_ readings: TopReadings) -> String {
        let rates = [
            ("writes", readings.writes), ("commits", readings.commits), ("pushes", readings.pushes),
            ("pulls", readings.pulls), ("callbacks", readings.callbacks),
        ]
        return "per second  " + rates.map { "\($0.0) \(RateText.text($0.1))" }.joined(separator: "  ")
    }

    private func depths(_ readings: TopReadings) -> String {
        let status = readings.now.status
        let store = status["store"] ?? [:]
        let memory = Amount.bytes(Int64(readings.now.figures.sum("process_resident_memory_bytes") ?? 0))
        return [
            "feed \(ListView.text(store["feed_head"])) +\(RateText.text(readings.head))/s",
            "inbox \(ListView.text(status["inbox"]?["waiting"]))", "conflicts \(ListView.text(status["conflicts_open"]))",
            "wal \(Amount.bytes(store["wal_bytes"]?.integer ?? 0))", "rss \(memory)",
            "disk \(Amount.bytes(store["disk_free_bytes"]?.integer ?? 0))",
        ].joined(separator: "  ")
    }

    private func problem(_ status: JSON) -> FrameLine {
        let problems = status["problems"]?.array ?? []
        guard let first = problems.first else { return FrameLine("nothing needs attention", .good) }
        let more = problems.count > 1 ? " (+\(problems.count - 1))" : ""
        let words = PlainText.escaped(ListView.text(first["text"])) + more
        return FrameLine(words, .warning) + FrameLine("  \(PlainText.escaped(ListView.text(first["next"])))", .faint)
    }

    static func look(_ verdict: String) -> FrameLine.Look {
        switch verdict {
        case "ok": .good
        case "degraded": .warning
        default: .bad
        }
    }

    // MARK: Table

    private func table(_ readings: TopReadings, rows count: Int) -> [FrameLine] {
        let all = view.rows(readings)
        let visible = max(1, count - 1)
        let place = min(view.place(in: all.map(\.id)), max(0, all.count - 1))
        // Pages, not lines, so that the picture stands still while one moves within it.
        let start = place / visible * visible
        var lines = rows(readings, all, chosen: all.isEmpty ? nil : place)
        if all.count > visible { lines = [lines[0]] + lines.dropFirst(1 + start).prefix(visible) }
        return lines
    }

    /// The heading and a line for each channel.
    private func rows(_ readings: TopReadings, _ rows: [TopRow], chosen: Int?) -> [FrameLine] {
        guard !rows.isEmpty else {
            let filter = view.typed ?? view.filter
            return [FrameLine(filter.isEmpty ? "no channels yet: heyi channel add --help" : "no channel is called like \(filter)")]
        }
        let columns = TopColumn.allCases.filter { $0 != .drift || rows.contains { $0.drift != nil } }
        var table = Table(
            columns.map { column in
                let mark = column == view.sort ? (view.isDownward ? "↓" : "↑") : ""
                let isText = column == .channel || column == .state
                return .init(heading: column.heading + mark, right: !isText, narrowest: isText ? 6 : nil)
            })
        for row in rows { table.add(columns.map { $0.cell(row) }) }
        return table.lines(width: width).enumerated().map { index, line in
            if index == 0 { return FrameLine(line, .strong) }
            let isChosen = index - 1 == chosen
            return FrameLine(isChosen ? DisplayWidth.fit(line, width) : line, isChosen ? .chosen : rows[index - 1].look)
        }
    }

    private var footer: FrameLine {
        if let typed = view.typed { return FrameLine("/\(typed)_", .strong) + FrameLine("  Enter keeps, Esc forgets", .faint) }
        let filter = view.filter.isEmpty ? "" : "  filter: \(view.filter) (Esc ends it)"
        let keys =
            view.showsChannel || view.showsHelp
            ? "Esc back  p pause  ? help  q quit" : "s/S sort  / filter  Enter channel  p pause  ? help  q quit"
        return FrameLine(keys, .faint) + FrameLine(filter, .strong)
    }
}
