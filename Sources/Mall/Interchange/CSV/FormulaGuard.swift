/// Keeps spreadsheet programs from running a cell as a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is run by
/// spreadsheet programs when the file is opened; an apostrophe in front makes it
/// text. Cells that already have apostrophes before such a character get one more,
/// so that taking one away restores every text exactly. Plain numbers stay bare.
/// See OWASP, "CSV Injection".
package enum FormulaGuard {
    /// The range of the cell without the one apostrophe that ``guarded(_:)`` put there.
    static func withoutGuard(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        guard range.count >= 2, bytes[range.lowerBound] == apostrophe else { return range }
        let rest = bytes[range].drop { $0 == apostrophe }
        guard let first = rest.first, isTrigger(first) else { return range }
        return (range.lowerBound + 1)..<range.upperBound
    }

    package static func guarded(_ text: String) -> String {
        needsGuard(text.utf8) ? "'" + text : text
    }

    private static func needsGuard(_ text: String.UTF8View) -> Bool {
        let rest = text.drop { $0 == apostrophe }
        guard let first = rest.first, isTrigger(first) else { return false }
        return !(rest.count == text.count && isNumber(rest))
    }

    private static let apostrophe = UInt8(ascii: "'")

    private static func isTrigger(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }

    private static func isNumber(_ text: Substring.UTF8View) -> Bool {
        guard text.first == UInt8(ascii: "-") else { return false }
        let digits = text.dropFirst()
        let points = digits.count { $0 == UInt8(ascii: ".") }
        return digits.count > points && points <= 1
            && digits.allSatisfy { $0 == UInt8(ascii: ".") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) }
    }
}
