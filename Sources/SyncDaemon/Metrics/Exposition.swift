/// Writes metrics in the Prometheus text format, version 0.0.4.
///
/// Rule: https://prometheus.io/docs/instrumenting/exposition_formats/
struct Exposition {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String { case counter, gauge, histogram }
    typealias Labels = [(name: String, value: String)]

    private(set) var text = ""

    /// Opens a family; its samples follow directly.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(Exposition.escape(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ labels: Labels = [], _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Exposition.escape($0.value, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(Exposition.number(value))\n"
    }

    mutating func histogram(_ name: String, _ labels: Labels, _ histogram: Histogram) {
        var sum: UInt64 = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            sum += count
            sample("\(name)_bucket", labels + [("le", Exposition.number(bound))], Double(sum))
        }
        sample("\(name)_bucket", labels + [("le", "+Inf")], Double(histogram.count))
        sample("\(name)_sum", labels, histogram.sum)
        sample("\(name)_count", labels, Double(histogram.count))
    }

    private static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : String(value)
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\"" where quotes: output += "\\\""
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}

/// Counts observations into buckets of fixed upper bounds.
struct Histogram: Sendable {
    static let seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    let bounds: [Double]
    /// How many fell into each bucket, not cumulated; those above the last bound only show in `count`.
    private(set) var counts: [UInt64]
    private(set) var count: UInt64 = 0
    private(set) var sum = 0.0

    init(bounds: [Double] = Histogram.seconds) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count)
    }

    mutating func observe(_ value: Double) {
        count += 1
        sum += value
        if let index = bounds.firstIndex(where: { value <= $0 }) { counts[index] += 1 }
    }
}
