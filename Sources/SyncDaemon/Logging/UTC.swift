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

    /// As HTTP's `Date` header says it: `Sun, 01 Mar 2026 08:15:30 GMT`.
    static func httpDate(_ time: Timestamp) -> String {
        let day = Int(time.milliseconds.flooredQuotient(86_400_000))
        let (year, month, date) = civil(daysSince1970: day)
        // The first day of 1970 was a Thursday.
        let weekday = weekdays[((day + 4) % 7 + 7) % 7]
        let clock = text(time).split(separator: "T")[1].prefix(8)
        return "\(weekday), \(two(date)) \(months[month - 1]) \(year) \(clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Reads a date, with or without a time of the day: `2026-03-01`, `2026-03-01T08:15`, what ``text(_:)`` wrote.
    static func read(_ text: String) -> Timestamp? {
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = numbers(halves[0], separator: "-", widths: [4, 2, 2]) else { return nil }
        var result = Int64(days(date[0], date[1], date[2])) * 86_400_000
        if halves.count == 2 {
            let time = halves[1].hasSuffix("Z") ? halves[1].dropLast() : halves[1]
            let parts = time.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard
                let clock = numbers(parts[0], separator: ":", widths: [2, 2, 2])
                    ?? numbers(parts[0], separator: ":", widths: [2, 2]),
                clock[0] < 24, clock[1] < 60, clock.count < 3 || clock[2] < 60
            else { return nil }
            result += Int64(clock[0]) * 3_600_000 + Int64(clock[1]) * 60_000 + Int64(clock.count < 3 ? 0 : clock[2]) * 1_000
            if parts.count == 2 {
                guard clock.count == 3, let part = numbers(parts[1], separator: ".", widths: [3]) else { return nil }
                result += Int64(part[0])
            }
        }
        let read = Timestamp(milliseconds: result)
        // A day that a month does not have comes back as another one.
        return self.text(read).hasPrefix(halves[0]) ? read : nil
    }

    private static func numbers(_ text: Substring, separator: Character, widths: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == widths, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            return nil
        }
        return parts.compactMap { Int($0) }
    }

    /// Days since 1970 of a proleptic Gregorian date, the other way round than ``civil(daysSince1970:)``.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = Int(Int64(shifted).flooredQuotient(400))
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
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
