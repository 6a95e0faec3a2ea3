/// A day of the civil calendar somewhere: `2026-12-01`.
package struct CalendarDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let number: Int

    package init(number: Int) { self.number = number }

    /// The day it is at an instant, where clocks are `offset` ahead of UTC.
    package init(at time: Timestamp, offset: Duration = .zero) {
        let shifted = time.milliseconds + offset.milliseconds
        number = Int(shifted / 86_400_000) - (shifted % 86_400_000 < 0 ? 1 : 0)
    }

    /// Reads `yyyy-mm-dd`; nil for anything else, and for days no calendar has.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
        func digits(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10), year >= 1970, (1...12).contains(month)
        else { return nil }
        number = CalendarDay.number(year, month, day)
        guard components == (year, month, day) else { return nil }
    }

    package var previous: CalendarDay { CalendarDay(number: number - 1) }
    package var next: CalendarDay { CalendarDay(number: number + 1) }
    /// When it begins, where clocks are `offset` ahead of UTC.
    package func start(offset: Duration = .zero) -> Timestamp {
        Timestamp(milliseconds: Int64(number) * 86_400_000 - offset.milliseconds)
    }

    /// The civil calendar from days since 1970, by eras of 400 years that begin in March.
    package var components: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let civil = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (civil <= 2 ? 1 : 0), civil, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    private static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package var description: String {
        let (year, month, day) = components
        func padded(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool { left.number < right.number }
}
