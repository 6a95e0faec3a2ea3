/// One start or end tag, found in the bytes of some HTML.
struct MarkupTag {
    let name: String
    let closes: Bool
    /// Whether it is written `<name/>`.
    let endsItself: Bool
    /// The position behind its `>`.
    let end: Int
    private let inside: Range<Int>

    struct Attribute {
        let name: String
        /// Escaped for double quotes.
        let value: [UInt8]
    }

    /// - Returns: nil when the tag has no end. `start` is at a `<` with a letter or `/` behind it.
    init?(_ bytes: ContiguousArray<UInt8>, at start: Int) {
        var index = start + 1
        closes = bytes[index] == UInt8(ascii: "/")
        if closes { index += 1 }
        let nameStart = index
        while index < bytes.count, MarkupTag.isName(bytes[index]) { index += 1 }
        let nameEnd = index
        var quote: UInt8 = 0
        var afterEquals = false
        while index < bytes.count {
            let byte = bytes[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: ">") {
                break
            } else if afterEquals, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            // A quote opens a value only right behind `=`, as browsers have it.
            if quote == 0, !MarkupTag.isSpace(byte) { afterEquals = byte == UInt8(ascii: "=") }
            index += 1
        }
        guard index < bytes.count else { return nil }
        name = String(decoding: bytes[nameStart..<nameEnd].map(MarkupTag.lowercased), as: UTF8.self)
        endsItself = index > nameEnd && bytes[index - 1] == UInt8(ascii: "/")
        inside = nameEnd..<index
        end = index + 1
    }

    /// The attributes out of `names`, the first of equals, in the order written.
    func attributes(keeping names: Set<String>, in bytes: ContiguousArray<UInt8>) -> [Attribute] {
        guard !names.isEmpty, !inside.isEmpty else { return [] }
        var kept: [Attribute] = []
        var index = inside.lowerBound
        while let (name, value) = next(in: bytes, &index) {
            guard names.contains(name), !kept.contains(where: { $0.name == name }),
                let value = MarkupTag.cleaned(value, of: name)
            else { continue }
            kept.append(Attribute(name: name, value: value))
        }
        return kept
    }

    private func next(in bytes: ContiguousArray<UInt8>, _ index: inout Int) -> (String, ArraySlice<UInt8>)? {
        let limit = inside.upperBound
        while index < limit, MarkupTag.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") { index += 1 }
        guard index < limit else { return nil }
        let nameStart = index
        index += 1
        while index < limit, !MarkupTag.endsName(bytes[index]) { index += 1 }
        let name = String(decoding: bytes[nameStart..<index].map(MarkupTag.lowercased), as: UTF8.self)
        while index < limit, MarkupTag.isSpace(bytes[index]) { index += 1 }
        guard index < limit, bytes[index] == UInt8(ascii: "=") else { return (name, []) }
        index += 1
        while index < limit, MarkupTag.isSpace(bytes[index]) { index += 1 }
        guard index < limit else { return (name, []) }
        let quote = bytes[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = index + 1
            index = start
            while index < limit, bytes[index] != quote { index += 1 }
            defer { index = min(index + 1, limit) }
            return (name, Array(bytes[start..<index])[...])
        }
        let start = index
        while index < limit, !MarkupTag.isSpace(bytes[index]) { index += 1 }
        return (name, Array(bytes[start..<index])[...])
    }

    private static func cleaned(_ value: ArraySlice<UInt8>, of name: String) -> [UInt8]? {
        switch name {
        case "href", "src": MarkupEntities.address(value)
        case "width", "height", "colspan", "rowspan", "start":
            (1...5).contains(value.count) && value.allSatisfy { (0x30...0x39).contains($0) } ? Array(value) : nil
        default: MarkupEntities.escaped(value)
        }
    }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    static func isName(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x3A }
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    private static func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "/")
    }
}
