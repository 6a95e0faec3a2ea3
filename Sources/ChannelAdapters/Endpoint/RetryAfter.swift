import Commerce

/// The wait a channel asks for in `Retry-After`.
enum RetryAfter {
    /// Seconds or a date; the date is measured against the answer's own `Date`, so that
    /// nobody's clock has to be right. nil when there is none or it makes no sense.
    static func wait(of response: HTTPResponse) -> Duration? {
        guard let text = response["retry-after"] else { return nil }
        if text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), text.utf8.count <= 9 {
            return Int64(text).map { .seconds($0) }
        }
        guard let until = HTTPDate.parse(text), let now = response["date"].flatMap(HTTPDate.parse) else {
            return nil
        }
        return max(.zero, until - now)
    }
}

/// Dates as HTTP writes them: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func monthName(_ month: Int) -> String? { months.indices.contains(month - 1) ? months[month - 1] : nil }

    static func parse(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(clock[0]),
            (0...59).contains(clock[1]), (0...60).contains(clock[2])
        else { return nil }
        let seconds = days(year: year, month: month + 1, day: day) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
        return Timestamp(milliseconds: Int64(seconds) * 1_000)
    }

    /// Days since 1970-01-01. Years begin in March here, so that the leap day is the last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
