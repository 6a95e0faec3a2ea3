/// What was pressed.
enum Key: Hashable, Sendable {
    case character(Character)
    case up, down, pageUp, pageDown, home, end
    case enter, escape, backspace, redraw
}

/// Makes keys out of the bytes a terminal sends, however these are cut.
struct KeyReader: Sendable {
    private var bytes: [UInt8] = []

    /// Whether an escape has come that may yet become an arrow.
    var isUndecided: Bool { !bytes.isEmpty }

    /// - Returns: The keys that are complete.
    mutating func take(_ more: some Sequence<UInt8>) -> [Key] {
        bytes += more
        var keys: [Key] = []
        while let (key, length) = next() {
            bytes.removeFirst(length)
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Nothing more came: an escape that stands alone was the key itself.
    mutating func settle() -> [Key] {
        defer { bytes = [] }
        return bytes.first == 0x1b && bytes.count == 1 ? [.escape] : []
    }

    /// - Returns: nil when there is no whole key; a nil key for what means nothing here.
    private func next() -> (Key?, Int)? {
        guard let first = bytes.first else { return nil }
        switch first {
        case 0x1b: return sequence()
        case 0x0a, 0x0d: return (.enter, 1)
        case 0x08, 0x7f: return (.backspace, 1)
        case 0x0c: return (.redraw, 1)
        case 0x0e: return (.down, 1)
        case 0x10: return (.up, 1)
        case ..<0x20: return (nil, 1)
        case ..<0x80: return (.character(Character(Unicode.Scalar(first))), 1)
        default: return letter(first)
        }
    }

    private func letter(_ first: UInt8) -> (Key?, Int)? {
        let length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
        guard bytes.count >= length else { return nil }
        guard let text = String(validating: bytes[..<length], as: UTF8.self), let character = text.first else { return (nil, 1) }
        return (.character(character), length)
    }

    private func sequence() -> (Key?, Int)? {
        guard bytes.count > 1 else { return nil }
        guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else { return (.escape, 1) }
        guard let end = bytes.indices.dropFirst(2).first(where: { (0x40...0x7e).contains(bytes[$0]) }) else {
            return bytes.count > 16 ? (nil, bytes.count) : nil
        }
        let known: [String: Key] = [
            "A": .up, "B": .down, "H": .home, "F": .end, "1~": .home, "4~": .end, "5~": .pageUp, "6~": .pageDown,
        ]
        return (known[String(decoding: bytes[2...end], as: UTF8.self)], end + 1)
    }
}
