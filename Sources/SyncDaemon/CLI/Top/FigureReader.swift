/// The figures of one scrape, by name and labels.
struct FigureReader: Hashable, Sendable {
    struct Sample: Hashable, Sendable {
        let labels: [String: String]
        let value: Double
    }

    private var samples: [String: [Sample]] = [:]

    /// Reads the text format; lines that are none are passed over, as they add nothing to a screen.
    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let blank = line.lastIndex(of: " "), let value = Double(line[line.index(after: blank)...]) else { continue }
            let series = line[..<blank]
            let name = series.prefix { $0 != "{" }
            samples[String(name), default: []].append(
                Sample(labels: Self.labels(series.dropFirst(name.count)), value: value))
        }
    }

    /// The sum over all series of a name whose labels are as given; nil where there is none.
    func sum(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = matching(name, labels)
        return found.isEmpty ? nil : found.reduce(0) { $0 + $1.value }
    }

    /// The values a label has among the series of a name, in order.
    func values(of label: String, in name: String, _ labels: [String: String] = [:]) -> [String] {
        Set(matching(name, labels).compactMap { $0.labels[label] }).sorted()
    }

    /// The value below which a share of what a histogram saw lies, guessed within its bucket.
    func quantile(_ share: Double, of name: String, _ labels: [String: String] = [:]) -> Double? {
        var buckets: [Double: Double] = [:]
        for sample in matching("\(name)_bucket", labels) {
            guard let bound = sample.labels["le"].flatMap({ $0 == "+Inf" ? .infinity : Double($0) }) else { continue }
            buckets[bound, default: 0] += sample.value
        }
        let sorted = buckets.sorted { $0.key < $1.key }
        guard let all = sorted.last?.value, all > 0 else { return nil }
        var below = (bound: 0.0, count: 0.0)
        for (bound, count) in sorted {
            if count >= share * all {
                guard bound.isFinite, count > below.count else { return below.bound }
                return below.bound + (bound - below.bound) * (share * all - below.count) / (count - below.count)
            }
            below = (bound, count)
        }
        return below.bound
    }

    private func matching(_ name: String, _ labels: [String: String]) -> [Sample] {
        (samples[name] ?? []).filter { sample in labels.allSatisfy { sample.labels[$0.key] == $0.value } }
    }

    private static func labels(_ text: Substring) -> [String: String] {
        var labels: [String: String] = [:]
        var name = ""
        var value = ""
        var (isQuoted, isEscaped) = (false, false)
        for character in text.dropFirst() {
            if isEscaped {
                value.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if isQuoted {
                switch character {
                case "\\": isEscaped = true
                case "\"": isQuoted = false
                default: value.append(character)
                }
            } else {
                switch character {
                case "\"": isQuoted = true
                case ",", "}":
                    if !name.isEmpty { labels[name] = value }
                    (name, value) = ("", "")
                case "=": break
                default: name.append(character)
                }
            }
        }
        return labels
    }
}
