import Commerce

/// Times as people write them: a whole number and one unit.
enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// - Returns: nil without a unit, because `timeout: 30` has meant milliseconds to some and seconds to others.
    static func read(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), number < 1 << 40,
            let unit = units.first(where: { $0.suffix == text.dropFirst(digits.count) }),
            case (let milliseconds, false) = number.multipliedReportingOverflow(by: unit.milliseconds)
        else { return nil }
        return .milliseconds(milliseconds)
    }

    /// The shortest exact form in the greatest unit that fits: `72h` comes back as `3d`.
    static func write(_ duration: Duration) -> String {
        let total = duration.milliseconds
        let unit = units.last { total != 0 && total % $0.milliseconds == 0 } ?? units[1]
        return "\(total / unit.milliseconds)\(unit.suffix)"
    }
}
