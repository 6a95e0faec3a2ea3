package import Commerce

/// Instants as platforms in China write them: by Beijing's clocks, which are eight hours ahead and never change.
package enum BeijingTime {
    package static let offset = Duration.seconds(28_800)

    /// Reads `2018-06-08T10:34:56+08:00`, also with another offset, `Z` or fractions of a second; nil for anything else.
    package static func instant(_ text: String) -> Timestamp? {
        guard text.utf8.count >= 20, text.utf8.count <= 40, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let bytes = Array(text.utf8)
        guard bytes[10] == UInt8(ascii: "T"), let clock = clock(bytes[11..<19]), let day = CalendarDay(String(text.prefix(10))) else { return nil }
        var rest = bytes[19...]
        var milliseconds: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { isDigit($0) }
            guard !digits.isEmpty else { return nil }
            var scale: Int64 = 100
            for digit in digits.prefix(3) { milliseconds += Int64(digit - 0x30) * scale; scale /= 10 }
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let ahead = offset(Array(rest)) else { return nil }
        return day.start() + .milliseconds(clock * 1_000 + milliseconds - ahead * 1_000)
    }

    /// Reads `2018-06-08 10:34:56` as bills have it, with no word of the zone; nil for anything else. A fraction of a second is dropped.
    package static func moment(_ text: String) -> Timestamp? {
        var bytes = Array(text.utf8)
        if (21...23).contains(bytes.count), bytes[19] == UInt8(ascii: "."), bytes[20...].allSatisfy({ isDigit($0) }) { bytes.removeSubrange(19...) }
        guard bytes.count == 19, bytes[10] == 0x20, let clock = clock(bytes[11..<19]),
            let day = CalendarDay(String(decoding: bytes[..<10], as: UTF8.self))
        else { return nil }
        return day.start(offset: offset) + .seconds(clock)
    }

    /// `2018-06-08T10:34:56+08:00`; what is below a second is dropped.
    package static func written(_ time: Timestamp) -> String { parts(time, between: "T") + "+08:00" }

    /// `2018-06-08 10:34:56`.
    package static func inBills(_ time: Timestamp) -> String { parts(time, between: " ") }

    private static func parts(_ time: Timestamp, between mark: String) -> String {
        let day = CalendarDay(at: time, offset: offset)
        let second = (time - day.start(offset: offset)).milliseconds / 1_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(day)\(mark)\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func pair(_ bytes: ArraySlice<UInt8>, below limit: Int64) -> Int64? {
        guard bytes.count == 2, bytes.allSatisfy({ isDigit($0) }) else { return nil }
        let value = bytes.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        return value < limit ? value : nil
    }

    private static func clock(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = pair(parts[0], below: 24), let minute = pair(parts[1], below: 60),
            let second = pair(parts[2], below: 61)
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    private static func offset(_ bytes: [UInt8]) -> Int64? {
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"), bytes[3] == UInt8(ascii: ":"),
            let hours = pair(bytes[1..<3], below: 15), let minutes = pair(bytes[4..<6], below: 60)
        else { return nil }
        return (bytes[0] == UInt8(ascii: "+") ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
}
