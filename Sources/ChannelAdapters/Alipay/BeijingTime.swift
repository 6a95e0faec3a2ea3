package import Commerce

/// Times as the platform writes them: `2026-12-01 09:30:00`, in Beijing, with no word of the zone.
package enum BeijingTime {
    package static let offset = Duration.seconds(28_800)

    /// nil for anything else; a fraction of a second, as one of its fields has, is dropped.
    package static func read(_ text: String) -> Timestamp? {
        var bytes = Array(text.utf8)
        if bytes.count > 20, bytes[19] == UInt8(ascii: "."), bytes.count <= 23, bytes[20...].allSatisfy(isDigit) { bytes.removeSubrange(19...) }
        guard bytes.count == 19, bytes[10] == UInt8(ascii: " "), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let day = CalendarDay(String(decoding: bytes[..<10], as: UTF8.self)), let hour = number(bytes[11...12], below: 24),
            let minute = number(bytes[14...15], below: 60), let second = number(bytes[17...18], below: 60)
        else { return nil }
        return day.start(offset: offset) + .seconds(hour * 3_600 + minute * 60 + second)
    }

    /// Whole seconds, rounded down.
    package static func text(_ time: Timestamp) -> String {
        let day = CalendarDay(at: time, offset: offset)
        let seconds = (time - day.start(offset: offset)).milliseconds / 1_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(day) \(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func number(_ digits: ArraySlice<UInt8>, below limit: Int64) -> Int64? {
        guard digits.allSatisfy(isDigit) else { return nil }
        let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        return value < limit ? value : nil
    }
}
