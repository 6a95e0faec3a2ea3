/// Reads and writes decimal numbers as scaled whole numbers, never as binary floating point.
enum DecimalText {
    enum Failure: Error, Hashable { case malformed, tooPrecise, overflow }

    /// `12.5` with two digits is 1250.
    ///
    /// - Throws: ``Failure/tooPrecise`` when digits other than 0 would be lost.
    static func scaled(_ text: String, digits: Int) throws(Failure) -> Int64 {
        let (value, lost) = try parsed(text, digits: digits)
        guard !lost.contains(where: { $0 != 0 }) else { throw .tooPrecise }
        return value
    }

    /// The same, rounded half away from zero where digits would be lost.
    static func rounded(_ text: String, digits: Int) throws(Failure) -> Int64 {
        let (value, lost) = try parsed(text, digits: digits)
        guard let first = lost.first, first >= 5 else { return value }
        let (result, overflow) = value.addingReportingOverflow(text.trimmed.hasPrefix("-") ? -1 : 1)
        guard !overflow else { throw .overflow }
        return result
    }

    /// 1250 with two digits is `12.50`; with `trimming`, `12.5`.
    static func text(_ value: Int64, digits: Int, trimming: Bool = false) -> String {
        guard digits > 0 else { return String(value) }
        var characters = Array(String(value.magnitude))
        if characters.count <= digits {
            characters = Array(repeating: "0", count: digits + 1 - characters.count) + characters
        }
        var fraction = characters.suffix(digits)
        if trimming { while fraction.last == "0" { fraction.removeLast() } }
        let whole = String(characters.dropLast(digits))
        return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + String(fraction))
    }

    private static func parsed(_ text: String, digits: Int) throws(Failure) -> (value: Int64, lost: [Int64]) {
        var bytes = Array(text.trimmed.utf8)[...]
        let negative = bytes.first == UInt8(ascii: "-")
        if negative { bytes = bytes.dropFirst() }
        var value: Int64 = 0
        var fraction: Int?
        var lost: [Int64] = []
        var any = false
        for byte in bytes {
            if byte == UInt8(ascii: "."), fraction == nil { fraction = 0; continue }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .malformed }
            any = true
            let digit = Int64(byte - UInt8(ascii: "0"))
            if let places = fraction {
                guard places < digits else { lost.append(digit); continue }
                fraction = places + 1
            }
            value = try appended(digit, to: value, negative: negative)
        }
        guard any else { throw .malformed }
        for _ in (fraction ?? 0)..<max(digits, fraction ?? 0) { value = try appended(0, to: value, negative: negative) }
        return (value, lost)
    }

    private static func appended(_ digit: Int64, to value: Int64, negative: Bool) throws(Failure) -> Int64 {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, overflowing) = tens.addingReportingOverflow(negative ? -digit : digit)
        guard !overflow, !overflowing else { throw .overflow }
        return sum
    }
}
