/// What one side of one round came to.
struct Sample {
    /// In the case's unit.
    var value: Double
    /// Milliseconds.
    var p50: Double?
    var p99: Double?
    /// Resident memory in MB of the process measured.
    var memory: Double?
    /// Share of one processor, in per cent.
    var processor: Double?

    init(_ value: Double, p50: Double? = nil, p99: Double? = nil, memory: Double? = nil, processor: Double? = nil) {
        self.value = value
        self.p50 = p50
        self.p99 = p99
        self.memory = memory
        self.processor = processor
    }
}

/// Sorts latencies once and tells the ones asked for, in milliseconds.
struct Latencies {
    private let sorted: [UInt64]

    init(_ nanoseconds: [UInt64]) { sorted = nanoseconds.sorted() }

    func quantile(_ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1e6
    }
}

extension [Double] {
    /// The middle one; of an even number the greater of the two.
    var median: Double? { isEmpty ? nil : sorted()[count / 2] }
}
