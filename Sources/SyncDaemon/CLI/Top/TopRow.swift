import Commerce

/// One channel on the screen.
struct TopRow: Hashable, Sendable {
    let id: String
    let state: String
    let units: Int64
    let lag: Int64
    let pushes: Double?
    /// Seconds since the last pull that went well.
    let pulled: Int64?
    let retrying: Int64
    let unknown: Int64
    let dead: Int64
    let conflicts: Int64
    /// Units known to differ; nil where nobody has compared.
    let drift: Int64?

    init(_ channel: JSON, _ readings: TopReadings) {
        func number(_ name: String) -> Int64 { channel[name]?.integer ?? 0 }
        id = channel["id"]?.string ?? "?"
        let breaker = channel["breaker"]?.string ?? "closed"
        let state = channel["state"]?.string ?? "?"
        self.state = breaker == "closed" ? state : "\(state)/\(breaker == "half_open" ? "half" : breaker)"
        units = number("lag_changes")
        lag = number("lag_seconds")
        pushes = readings.pushes(of: id)
        let now = readings.now.status["at"]?.integer ?? 0
        pulled = channel["last_pull_at"]?.integer.map { max(0, now - $0) / 1_000 }
        retrying = number("retrying")
        unknown = number("unknown")
        dead = number("dead")
        conflicts = number("conflicts_open")
        let compared = channel["reconciliation"]
        let isKnown = compared?["finished_at"]?.integer != nil || (compared?["open"]?.integer ?? 0) > 0
        drift = isKnown ? compared?["open"]?.integer : nil
    }

    var look: FrameLine.Look {
        if dead > 0 || state.hasPrefix("halted") || state.hasSuffix("/open") { return .bad }
        if unknown > 0 || retrying > 0 || (drift ?? 0) > 0 || lag > 60 || state != "active" { return .warning }
        return .plain
    }
}

/// What rows show and are ordered by.
enum TopColumn: String, CaseIterable, Sendable {
    case channel, state, units, lag, push, pull, retry, unknown, dead, conflicts, drift

    var heading: String {
        switch self {
        case .channel: "CHANNEL"
        case .state: "STATE"
        case .units: "UNITS"
        case .lag: "LAG"
        case .push: "PUSH/S"
        case .pull: "PULLED"
        case .retry: "RETRY"
        case .unknown: "UNKN"
        case .dead: "DEAD"
        case .conflicts: "CONFL"
        case .drift: "DRIFT"
        }
    }

    func cell(_ row: TopRow) -> String {
        switch self {
        case .channel: row.id
        case .state: row.state
        case .units: String(row.units)
        case .lag: row.lag == 0 ? "0" : Age.text(seconds: row.lag)
        case .push: RateText.text(row.pushes)
        case .pull: row.pulled.map { Age.text(seconds: $0) } ?? "-"
        case .retry: String(row.retrying)
        case .unknown: String(row.unknown)
        case .dead: String(row.dead)
        case .conflicts: String(row.conflicts)
        case .drift: row.drift.map(String.init) ?? "-"
        }
    }

    /// Rows in the order of this column; equal ones by their names.
    func sorted(_ rows: [TopRow], downward: Bool) -> [TopRow] {
        rows.sorted { left, right in
            let (first, second) = downward ? (right, left) : (left, right)
            switch self {
            case .channel: return first.id < second.id
            case .state where left.state != right.state: return first.state < second.state
            case .state: return left.id < right.id
            default:
                let (one, other) = (number(first), number(second))
                return one == other ? left.id < right.id : one < other
            }
        }
    }

    private func number(_ row: TopRow) -> Double {
        switch self {
        case .channel, .state: 0
        case .units: Double(row.units)
        case .lag: Double(row.lag)
        case .push: row.pushes ?? -1
        case .pull: Double(row.pulled ?? -1)
        case .retry: Double(row.retrying)
        case .unknown: Double(row.unknown)
        case .dead: Double(row.dead)
        case .conflicts: Double(row.conflicts)
        case .drift: Double(row.drift ?? -1)
        }
    }
}
