/// What bytes that are not UTF-8 most likely are, to tell a person what to do.
package enum TextEncodingGuess: Hashable, Sendable {
    case gbk, utf16, unknown

    static func of(_ bytes: some Collection<UInt8>) -> TextEncodingGuess {
        // Either order of the mark; neither is anything in UTF-8 or GBK.
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16 }
        var pairs = 0
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            if byte == 0 { return .utf16 }
            guard byte >= 0x80 else { continue }
            guard byte >= 0x81, byte <= 0xFE, index != bytes.endIndex, bytes[index] >= 0x40, bytes[index] != 0x7F
            else { return .unknown }
            pairs += 1
            index = bytes.index(after: index)
        }
        return pairs > 0 ? .gbk : .unknown
    }

    var advice: String {
        switch self {
        case .gbk:
            "it looks like GBK: convert the file first, e.g. `iconv -f GB18030 -t UTF-8 old.csv > new.csv`"
        case .utf16:
            "it looks like UTF-16: convert the file first, e.g. `iconv -f UTF-16 -t UTF-8 old.csv > new.csv`"
        case .unknown:
            "save the file as UTF-8 and import it again"
        }
    }
}
