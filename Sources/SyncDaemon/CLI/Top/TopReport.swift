import Commerce

/// A reading with its rates, for programs.
enum TopReport {
    static func json(_ readings: TopReadings, _ view: TopView) -> JSON {
        let status = readings.now.status
        let rows = view.rows(readings)
        let known = status["channels"]?.array ?? []
        let channels = rows.compactMap { row -> JSON? in
            guard var channel = known.first(where: { $0["id"]?.string == row.id })?.object else { return nil }
            channel["pushes_per_second"] = rate(row.pushes)
            return .object(channel)
        }
        return [
            "at": status["at"] ?? .null, "version": status["version"] ?? .null, "verdict": status["verdict"] ?? .null,
            "uptime_seconds": status["uptime_seconds"] ?? .null,
            "rates": [
                "writes": rate(readings.writes), "commits": rate(readings.commits), "pushes": rate(readings.pushes),
                "pulls": rate(readings.pulls), "callbacks": rate(readings.callbacks), "changes": rate(readings.head),
            ],
            "inbox": status["inbox"] ?? .null, "store": status["store"] ?? .null,
            "conflicts_open": status["conflicts_open"] ?? .null, "problems": status["problems"] ?? .null,
            "channels": .array(channels),
        ]
    }

    /// To the hundredth.
    private static func rate(_ rate: Double?) -> JSON {
        guard let rate else { return .null }
        let hundredths = Int64((rate * 100).rounded())
        if hundredths % 100 == 0 { return .integer(hundredths / 100) }
        let digits = hundredths % 10 == 0 ? "\(hundredths % 100 / 10)" : "\(hundredths % 100 / 10)\(hundredths % 10)"
        return .decimal("\(hundredths / 100).\(digits)")
    }
}
