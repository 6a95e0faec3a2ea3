package import Commerce

/// Times as carriers and tracking services write them.
package enum CarrierClock {
    /// Where a platform gives no zone it means Beijing's, all year round.
    package static let beijing = Duration.seconds(28_800)

    /// Reads `yyyy-MM-dd HH:mm:ss` of Beijing; seconds may be missing, and `/` or `T` may separate.
    package static func beijing(_ text: String) -> Timestamp? {
        guard let (time, rest) = civil(text), rest.isEmpty else { return nil }
        return Timestamp(milliseconds: time - beijing.milliseconds)
    }

    /// Reads ISO 8601 with its zone: `2026-12-01T10:00:00+08:00` or `…Z`.
    package static func zoned(_ text: String) -> Timestamp? {
        guard let (time, rest) = civil(text) else { return nil }
        let zone = Array(rest.utf8)
        if zone == [0x5A] || zone == [0x7A] { return Timestamp(milliseconds: time) }
        guard zone.count == 6 || zone.count == 5, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            zone.count == 5 || zone[3] == UInt8(ascii: ":"), let hours = number(zone[1..<3]), let minutes = number(zone.suffix(2)),
            hours <= 18, minutes < 60
        else { return nil }
        let offset = Int64(hours * 60 + minutes) * 60_000
        return Timestamp(milliseconds: zone[0] == UInt8(ascii: "+") ? time - offset : time + offset)
    }

    /// `yyyy-MM-dd HH:mm:ss` of Beijing.
    package static func beijingText(_ time: Timestamp) -> String {
        let day = CalendarDay(at: time, offset: beijing)
        let seconds = (time - day.start(offset: beijing)).milliseconds / 1_000
        return "\(day) \(padded(seconds / 3_600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
    }

    private static func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }

    /// Milliseconds since 1970 as if the clock stood at UTC, and what follows the time.
    private static func civil(_ text: String) -> (Int64, Substring)? {
        guard text.utf8.count <= 40, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count >= 16, let day = CalendarDay(String(text.prefix(10).map { $0 == "/" ? "-" : $0 })),
            bytes[10] == 0x20 || bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), hour < 24, minute < 60
        else { return nil }
        var end = 16
        var second = 0
        if bytes.count >= 19, bytes[16] == UInt8(ascii: ":") {
            guard let read = number(bytes[17..<19]), read <= 60 else { return nil }
            second = read
            end = 19
        }
        if bytes.count > end, bytes[end] == UInt8(ascii: ".") {
            end += 1
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
        }
        let seconds = hour * 3_600 + minute * 60 + second
        return (day.start().milliseconds + Int64(seconds) * 1_000, text.dropFirst(end))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
