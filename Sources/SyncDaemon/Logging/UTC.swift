import Commerce

/// Instants as text, always in UTC: `2026-03-01T08:15:30.250Z`.
enum UTC {
    static func text(_ time: Timestamp) -> String {
        let day = Int(time.milliseconds.flooredQuotient(86_400_000))
        let inDay = Int(time.milliseconds - Int64(day) * 86_400_000)
        let (year, month, date) = civil(daysSince1970: day)
        let clock = "\(two(inDay / 3_600_000)):\(two(inDay / 60_000 % 60)):\(two(inDay / 1_000 % 60))"
        let milliseconds = String(inDay % 1_000 + 1_000).dropFirst()
        return "\(year)-\(two(month))-\(two(date))T\(clock).\(milliseconds)Z"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The proleptic Gregorian date, by counting in eras of 400 years that begin in March.
    private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = Int(Int64(shifted).flooredQuotient(146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
