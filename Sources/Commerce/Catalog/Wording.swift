/// What any text in the catalog must be: trimmed, without control characters, not too long.
///
/// Characters stay as they were sent; no Unicode normal form is forced on anybody,
/// because a channel that got other bytes back would report an edit nobody made.
enum Wording {
    /// - Parameters:
    ///   - max: User-perceived characters.
    ///   - lines: Whether line breaks and tabs are allowed.
    static func check(
        _ value: JSON, field: String, max: Int, lines: Bool = false
    ) throws(ValidationFailure) -> String {
        guard case .string(let text) = value else {
            throw ValidationFailure(field: field, reason: "must be a string, got \(value.typeName)")
        }
        return try check(text, field: field, max: max, lines: lines)
    }

    static func check(
        _ text: String, field: String, max: Int, lines: Bool = false
    ) throws(ValidationFailure) -> String {
        try refuseControls(in: text, field: field, lines: lines)
        let trimmed = trim(text)
        // Counting bytes first spares most texts the far dearer count of characters.
        if trimmed.utf8.count > max, trimmed.count > max {
            throw ValidationFailure(field: field, reason: "is longer than \(max) characters")
        }
        // A few characters can carry any number of combining marks.
        if trimmed.utf8.count > max * 16 + 64 {
            throw ValidationFailure(field: field, reason: "is longer than \(max * 16 + 64) bytes")
        }
        return trimmed
    }

    static func refuseControls(in text: String, field: String, lines: Bool) throws(ValidationFailure) {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            let isControl = byte < 0x20 || byte == 0x7F || previous == 0xC2 && byte < 0xA0
            previous = byte
            guard isControl else { continue }
            if lines, byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
            let name = byte == 0x0A || byte == 0x0D ? "a line break" : "the control character \(hex(byte))"
            throw ValidationFailure(field: field, reason: "contains \(name)")
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func trim(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, isEdge(first) || isEdge(last) else { return text }
        let whole = Substring(text)
        let end = whole.lastIndex { !$0.isWhitespace }.map { whole.index(after: $0) } ?? whole.startIndex
        return String(whole[..<end].drop { $0.isWhitespace })
    }

    /// Whether a byte may belong to white space: ASCII space, or part of a longer one such as U+3000.
    private static func isEdge(_ byte: UInt8) -> Bool { byte <= 0x20 || byte >= 0x80 }
}
