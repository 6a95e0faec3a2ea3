/// Character references of HTML: `&amp;`, `&#20013;`, `&#x4E2D;`.
enum MarkupEntities {
    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    ]
    /// Longest reference looked at, without `&` and `;`.
    private static let lengthMax = 31

    /// Copies a reference as it is, or an ampersand that begins none as `&amp;`.
    static func keep(_ bytes: some RandomAccessCollection<UInt8>, _ position: inout Int, into output: inout [UInt8]) {
        let start = bytes.index(bytes.startIndex, offsetBy: position)
        let rest = bytes[start...].dropFirst()
        let word = rest.prefix(lengthMax).prefix { $0 == UInt8(ascii: "#") || isAlphanumeric($0) }
        if isReference(word), word.count < rest.count, rest[rest.index(rest.startIndex, offsetBy: word.count)] == UInt8(ascii: ";") {
            output.append(UInt8(ascii: "&"))
            output.append(contentsOf: word)
            output.append(UInt8(ascii: ";"))
            position += word.count + 2
        } else {
            output.append(contentsOf: "&amp;".utf8)
            position += 1
        }
    }

    /// The value as it stands between double quotes.
    static func escaped(_ value: ArraySlice<UInt8>) -> [UInt8] {
        let bytes = Array(value)
        var output: [UInt8] = []
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "&"): keep(bytes, &position, into: &output)
            case UInt8(ascii: "\""): output.append(contentsOf: "&quot;".utf8); position += 1
            case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8); position += 1
            case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8); position += 1
            default: output.append(bytes[position]); position += 1
            }
        }
        return output
    }

    /// The escaped address when, read as a browser reads it, it is one of the web; else nil.
    static func address(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        var trimmed = value.drop { $0 <= 0x20 }
        while let last = trimmed.last, last <= 0x20 { trimmed.removeLast() }
        // Old shop exports leave out the scheme of pictures on a CDN.
        if trimmed.starts(with: "//".utf8) { trimmed = ("https:".utf8 + trimmed)[...] }
        let spaced = String(decoding: decoded(trimmed), as: UTF8.self)
        let read = spaced.replacing(" ", with: "%20")
        guard WebAddress.fault(in: read) == nil else { return nil }
        return escaped(trimmed)
    }

    /// The text with references replaced until none is left: `&amp;lt;` becomes `<`.
    ///
    /// Works on the end of its own output, so chains resolve in one walk.
    static func decoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            guard byte == UInt8(ascii: ";"), let character = reference(atEndOf: output) else {
                output.append(byte)
                continue
            }
            output.removeLast(character.length)
            output.append(contentsOf: character.text.utf8)
        }
        return output
    }

    private static func reference(atEndOf output: [UInt8]) -> (text: String, length: Int)? {
        let tail = output.suffix(lengthMax + 1)
        guard let ampersand = tail.lastIndex(of: UInt8(ascii: "&")) else { return nil }
        let word = output[(ampersand + 1)...]
        guard isReference(word) else { return nil }
        let name = String(decoding: word, as: UTF8.self)
        if let text = named[name] { return (text, word.count + 1) }
        guard word.first == UInt8(ascii: "#") else { return nil }
        let digits = name.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        guard let code = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), code >= 0x20, code != 0x7F,
            !(0x80..<0xA0).contains(code), let scalar = Unicode.Scalar(code)
        else { return nil }
        return (String(Character(scalar)), word.count + 1)
    }

    private static func isReference(_ word: some Collection<UInt8>) -> Bool {
        guard let first = word.first else { return false }
        guard first == UInt8(ascii: "#") else { return MarkupTag.isLetter(first) && word.allSatisfy(isAlphanumeric) }
        let digits = word.dropFirst()
        return !digits.isEmpty && digits.allSatisfy(isAlphanumeric)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        MarkupTag.isLetter(byte) || (0x30...0x39).contains(byte)
    }
}
