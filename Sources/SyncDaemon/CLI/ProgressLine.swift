import Commerce

/// One line on a terminal that says how far long work is; silent where nobody looks.
struct ProgressLine {
    /// Bytes of the whole; nil when nobody knows.
    let bytesTotal: Int64?
    let isShown: Bool
    private let start: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant?

    init(bytesTotal: Int64?, isShown: Bool = Terminal.showsProgress) {
        self.bytesTotal = bytesTotal
        self.isShown = isShown
        start = .now
    }

    /// Redraws at most four times a second.
    mutating func update(rows: Int64, bytes: Int64) {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let shown, now - shown < .milliseconds(250) { return }
        shown = now
        let text = Self.text(rows: rows, bytes: bytes, bytesTotal: bytesTotal, seconds: Double((now - start).milliseconds) / 1_000)
        Terminal.pass(Array(("\r\u{1b}[K" + text).utf8)[...], to: 2)
    }

    func end() {
        if isShown, shown != nil { Terminal.pass(Array("\r\u{1b}[K".utf8)[...], to: 2) }
    }

    static func text(rows: Int64, bytes: Int64, bytesTotal: Int64?, seconds: Double) -> String {
        let rate = seconds > 0 ? Int64(Double(rows) / seconds) : 0
        var words = "\(rows) rows, \(rate)/s"
        if let bytesTotal, bytesTotal > 0, bytes > 0 {
            let share = min(1, Double(bytes) / Double(bytesTotal))
            let left = share > 0 ? Int64(seconds / share - seconds) : 0
            words += ", \(Int(share * 100)) %, \(Age.text(seconds: left)) left"
        }
        return words
    }
}
