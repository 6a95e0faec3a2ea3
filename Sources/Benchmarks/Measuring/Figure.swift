import Foundation

/// How a number is written: as many digits as say something.
enum Figure {
    static func text(_ value: Double) -> String {
        switch abs(value) {
        case 0: return "0"
        case 1_000...:
            let digits = String(Int64(value.rounded()))
            var grouped = ""
            for (index, digit) in digits.enumerated() {
                if index > 0, (digits.count - index) % 3 == 0 { grouped.append(",") }
                grouped.append(digit)
            }
            return grouped
        case 100...: return String(format: "%.0f", value)
        case 10...: return trimmed(String(format: "%.1f", value))
        case 0.1...: return trimmed(String(format: "%.2f", value))
        default: return trimmed(String(format: "%.4f", value))
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return String(text)
    }

    /// For JSON, where digits are for machines.
    static func plain(_ value: Double) -> String { String(format: "%.6g", value) }
}
