/// A language as BCP 47 shapes it: `en`, `zh-CN`, `zh-Hant-TW`, `es-419`.
///
/// Only the shape is checked (RFC 5646 §2.1: language, script, region, variants),
/// not the registry. The usual letter case is required, because two spellings of one
/// language would be two units.
package struct LanguageTag: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard (2...35).contains(text.utf8.count) else { return nil }
        var parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)[...]
        guard let language = parts.popFirst(), (2...3).contains(language.count), language.allSatisfy(LanguageTag.isLower)
        else { return nil }
        if let script = parts.first, script.count == 4, let initial = script.first, LanguageTag.isUpper(initial) {
            guard script.dropFirst().allSatisfy(LanguageTag.isLower) else { return nil }
            parts.removeFirst()
        }
        if let region = parts.first, LanguageTag.isRegion(region) { parts.removeFirst() }
        guard parts.allSatisfy(LanguageTag.isVariant) else { return nil }
        self.text = text
    }

    package var description: String { text }

    private static func isRegion(_ part: Substring.UTF8View.SubSequence) -> Bool {
        part.count == 2 && part.allSatisfy(isUpper) || part.count == 3 && part.allSatisfy(isDigit)
    }

    private static func isVariant(_ part: Substring.UTF8View.SubSequence) -> Bool {
        guard part.allSatisfy({ isLower($0) || isDigit($0) }), let first = part.first else { return false }
        return (5...8).contains(part.count) || part.count == 4 && isDigit(first)
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
    private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
