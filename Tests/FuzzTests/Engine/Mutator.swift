/// Makes new inputs of old ones: small damage, splices, and the pieces parsers trip over.
struct Mutator {
    private var random: FuzzRandom
    private let dictionary: [[UInt8]]
    private let bytesMax: Int

    init(seed: UInt64, dictionary: [String], bytesMax: Int) {
        random = FuzzRandom(seed: seed)
        self.dictionary = dictionary.map { Array($0.utf8) } + Mutator.edges
        self.bytesMax = bytesMax
    }

    /// The next input, made of one or two of the corpus.
    mutating func next(_ corpus: [[UInt8]]) -> [UInt8] {
        var bytes = random.element(of: corpus)
        // Mostly little is wrong, sometimes a lot.
        for _ in 0...random.below(random.below(4) == 0 ? 12 : 3) { mutate(&bytes, corpus) }
        return bytes.count > bytesMax ? Array(bytes.prefix(bytesMax)) : bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
        let at = random.below(bytes.count + 1)
        switch random.below(12) {
        case 0 where !bytes.isEmpty: bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
        case 1 where !bytes.isEmpty: bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
        case 2 where !bytes.isEmpty: bytes.removeSubrange(range(in: bytes, 8))
        case 3: bytes.insert(contentsOf: random.element(of: dictionary), at: at)
        case 4 where !bytes.isEmpty:
            let range = range(in: bytes, 6)
            bytes.replaceSubrange(range, with: random.element(of: dictionary))
        case 5: bytes = Array(bytes.prefix(at))
        case 6:
            let other = random.element(of: corpus)
            bytes = Array(bytes.prefix(at)) + other.suffix(random.below(other.count + 1))
        case 7 where !bytes.isEmpty:
            let piece = Array(bytes[range(in: bytes, 40)])
            for _ in 0...random.below(3) { bytes.insert(contentsOf: piece, at: at) }
        case 8: number(in: &bytes)
        case 9: nest(&bytes, at: at)
        case 10 where !bytes.isEmpty: bytes[random.below(bytes.count)] = random.element(of: Mutator.syntax)
        default: bytes.insert(random.element(of: Mutator.syntax), at: at)
        }
    }

    private mutating func range(in bytes: [UInt8], _ lengthMax: Int) -> Range<Int> {
        let start = random.below(bytes.count)
        return start..<min(bytes.count, start + 1 + random.below(lengthMax))
    }

    /// Replaces a run of digits by a number from the edge of something.
    private mutating func number(in bytes: inout [UInt8]) {
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        guard !digits.isEmpty else { return }
        let start = random.element(of: digits)
        let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
        bytes.replaceSubrange(start..<end, with: random.element(of: Mutator.numbers))
    }

    private mutating func nest(_ bytes: inout [UInt8], at: Int) {
        let (open, close) = random.element(of: [("[", "]"), ("{\"a\":", "}"), ("<b>", "</b>"), ("\"", "\""), ("(", ")")])
        let depth = random.below(4) == 0 ? 80 : 1 + random.below(4)
        bytes.insert(contentsOf: String(repeating: close, count: depth).utf8, at: at)
        bytes.insert(contentsOf: String(repeating: open, count: depth).utf8, at: random.below(at + 1))
    }

    private static let syntax = Array("{}[]\",:;.-+=@|/\\<>&%#'* \t\r\n\0eE0159azAZ".utf8)

    private static let numbers = [
        "0", "-0", "1", "-1", "00", "01", "127", "128", "255", "256", "65535", "65536", "2147483647", "2147483648",
        "4294967296", "281474976710656", "9007199254740991", "9007199254740992", "253402300799999", "253402300800000",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "1e308", "1e309", "1e-400", "0.1", "1.", ".5", "+5", "0x10", "NaN",
        "99999999999999999999999999999999999999999999999999999999999999999999",
    ].map { Array($0.utf8) }

    /// Unicode where it is awkward, valid and not, and numbers.
    private static let edges: [[UInt8]] =
        numbers + [
            [0x00], [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xF5, 0x80, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x9F], [0x80], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x1B, 0x5B, 0x33, 0x31, 0x6D], [0x0D, 0x0A],
            [0xC9, 0xCC, 0xC6, 0xB7],
        ]
        + [
            "\\ud800", "\\udc00", "\\ud83d\\ude00", "\\u0000", "\u{202E}", "\u{200F}", "\u{200D}", "\u{301}", "\u{FEFF}", "\u{2028}", "\u{85}",
            "\u{20BB7}", "\u{2A6D6}", "\u{1F468}\u{200D}\u{1F469}", "\u{DF}", "\u{130}", "\u{FB03}", "e\u{301}", "\u{E9}", "\u{FFFD}",
            "\u{10FFFF}", "\u{D7FF}", "\u{E000}", "\u{661}", "\u{FF11}", "\u{A0}", "\u{3000}", "null", "true", "../", "%00", "%2e",
        ].map { Array($0.utf8) }
}
