import Commerce

/// What the daemon said of itself at one moment.
struct TopReading: Hashable, Sendable {
    let status: JSON
    let figures: FigureReader
    /// When it was read, for rates; the daemon's own time is in the status.
    let nanoseconds: UInt64

    init(status: JSON, figures: FigureReader, nanoseconds: UInt64) {
        self.status = status
        self.figures = figures
        self.nanoseconds = nanoseconds
    }

    /// Asks the daemon.
    ///
    /// - Throws: ``ClientError``, or ``JSONError`` for an answer that is none.
    init(_ client: SocketClient) throws {
        let status = try JSON.parse(client.bytes(.init(target: SocketClient.target("status"))))
        let text = String(decoding: try client.bytes(.init(target: "/metrics")), as: UTF8.self)
        self.init(status: status, figures: FigureReader(text), nanoseconds: SystemTime().monotonicNanoseconds())
    }
}

/// Two readings and what happened in between.
struct TopReadings: Hashable, Sendable {
    let now: TopReading
    var before: TopReading?

    /// How much a counter grew a second; nil before the second reading and across a restart.
    func rate(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        guard let before, before.begun == now.begun, now.nanoseconds > before.nanoseconds else { return nil }
        // A series that was not there before began at nothing.
        guard let last = now.figures.sum(name, labels) else { return 0 }
        let grown = last - (before.figures.sum(name, labels) ?? 0)
        return grown < 0 ? nil : grown / (Double(now.nanoseconds - before.nanoseconds) / 1e9)
    }

    var writes: Double? { rate("heyi_store_writes_total") }
    var commits: Double? { rate("heyi_store_commit_seconds_count") }
    var pushes: Double? { rate("heyi_push_total", ["result": "stored"]) }
    var pulls: Double? { rate("heyi_pull_total", ["result": "ok"]) }
    var callbacks: Double? { rate("heyi_http_requests_total", ["route": "POST /v1/callbacks/{id}"]) }
    var head: Double? { rate("heyi_feed_head") }

    func pushes(of channel: String) -> Double? { rate("heyi_push_total", ["channel": channel, "result": "stored"]) }
}

extension TopReading {
    fileprivate var begun: Double? { figures.sum("process_start_time_seconds") }
}

/// Rates as people read them.
enum RateText {
    static func text(_ rate: Double?) -> String {
        guard let rate else { return "-" }
        switch rate {
        case ..<0.05: return "0"
        case ..<9.95: return tenths(rate)
        case ..<9_999.5: return String(Int(rate.rounded()))
        default: return "\(Int((rate / 1_000).rounded()))k"
        }
    }

    /// A time that took less than seconds as a rule.
    static func time(_ seconds: Double?) -> String {
        guard let seconds else { return "-" }
        switch seconds {
        case ..<0.000_95: return "\(Int((seconds * 1e6).rounded())) µs"
        case ..<0.009_95: return "\(tenths(seconds * 1_000)) ms"
        case ..<0.999_5: return "\(Int((seconds * 1_000).rounded())) ms"
        case ..<9.95: return "\(tenths(seconds)) s"
        default: return Age.text(seconds: Int64(seconds.rounded()))
        }
    }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
