/// Why some bytes are not a JSON value we take, with the byte offset of the fault.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package let offset: Int
    package let reason: String

    package var description: String { "invalid JSON at byte \(offset): \(reason)" }
}

extension JSON {
    /// Reads one value and nothing after it.
    ///
    /// Stricter than most readers, because what comes in is signed, hashed and
    /// merged: duplicate member names, invalid UTF-8, lone surrogates and nesting
    /// beyond `depthMax` levels are refused. Size is the caller's to limit first.
    ///
    /// - Throws: ``JSONError`` with the offset of the first fault.
    package static func parse(_ bytes: some Sequence<UInt8>, depthMax: Int = 64) throws(JSONError) -> JSON {
        let array = ContiguousArray(bytes)
        var reader = JSONReader(bytes: array, depthMax: depthMax)
        return try reader.document()
    }

    package static func parse(_ text: String, depthMax: Int = 64) throws(JSONError) -> JSON {
        try parse(text.utf8, depthMax: depthMax)
    }
}

struct JSONReader {
    private let bytes: ContiguousArray<UInt8>
    private let depthMax: Int
    private var offset = 0

    init(bytes: ContiguousArray<UInt8>, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    mutating func document() throws(JSONError) -> JSON {
        let value = try self.value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw fault("unexpected text after the value") }
        return value
    }

    private func fault(_ reason: String, at position: Int? = nil) -> JSONError {
        JSONError(offset: position ?? offset, reason: reason)
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSON {
        guard depth <= depthMax else { throw fault("nested deeper than \(depthMax) levels") }
        skipSpace()
        guard let byte = current else { throw fault("the text ends where a value was expected") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): try word("true"); return .bool(true)
        case UInt8(ascii: "f"): try word("false"); return .bool(false)
        case UInt8(ascii: "n"): try word("null"); return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("a value cannot start with this character")
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        let start = offset
        for index in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[index] else { throw fault("expected \(word)", at: start) }
            offset += 1
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        offset += 1
        var gathered = GatheredMembers()
        skipSpace()
        if current == UInt8(ascii: "}") { offset += 1; return JSONObject() }
        while true {
            skipSpace()
            let start = offset
            guard current == UInt8(ascii: "\"") else { throw fault("expected a member name in quotes") }
            let name = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw fault("expected ':' after the member name") }
            offset += 1
            gathered.append(name, try value(depth: depth + 1), at: start)
            skipSpace()
            switch current {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                if let twice = gathered.sort() {
                    throw fault("member \"\(twice.name.prefix(40))\" appears twice", at: twice.offset)
                }
                return JSONObject(sorted: gathered.members)
            default: throw fault("expected ',' or '}'")
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
        offset += 1
        var values: [JSON] = []
        skipSpace()
        if current == UInt8(ascii: "]") { offset += 1; return values }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            switch current {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"): offset += 1; return values
            default: throw fault("expected ',' or ']'")
            }
        }
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = offset
        if current == UInt8(ascii: "-") { offset += 1 }
        if current == UInt8(ascii: "0") {
            offset += 1
            if isDigit(current) { throw fault("a number cannot start with 0", at: start) }
        } else {
            try digits()
        }
        var whole = true
        if current == UInt8(ascii: ".") { whole = false; offset += 1; try digits() }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            whole = false
            offset += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        guard offset - start <= 64 else { throw fault("a number longer than 64 characters", at: start) }
        let literal = String(decoding: bytes[start..<offset], as: UTF8.self)
        if whole, let value = Int64(literal) { return .integer(value) }
        return .decimal(literal)
    }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private mutating func digits() throws(JSONError) {
        guard isDigit(current) else { throw fault("expected a digit") }
        while isDigit(current) { offset += 1 }
    }

    private mutating func string() throws(JSONError) -> String {
        let start = offset
        offset += 1
        let from = offset
        // Most strings have no escape: find the end first and decode in one go.
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            offset += 1
        }
        if current == UInt8(ascii: "\"") {
            let text = try utf8(bytes[from..<offset], at: start)
            offset += 1
            return text
        }
        var unescaped = ContiguousArray(bytes[from..<offset])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return try utf8(unescaped[...], at: start)
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw fault("a control character inside a string must be escaped")
            default:
                unescaped.append(byte)
                offset += 1
            }
        }
        throw fault("the string is not closed", at: start)
    }

    private func utf8(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw fault("not valid UTF-8", at: start) }
        return text
    }

    private mutating func escape(into output: inout ContiguousArray<UInt8>) throws(JSONError) {
        let start = offset
        offset += 1
        guard let byte = current else { throw fault("the string is not closed", at: start) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try unicodeScalar(at: start)
            output.append(contentsOf: String(Character(scalar)).utf8)
        default: throw fault("unknown escape", at: start)
        }
    }

    private mutating func unicodeScalar(at start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try hexadecimal(at: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\") else {
            throw fault("a lone surrogate", at: start)
        }
        offset += 1
        guard current == UInt8(ascii: "u") else { throw fault("a lone surrogate", at: start) }
        offset += 1
        let second = try hexadecimal(at: start)
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw fault("a lone surrogate", at: start) }
        return scalar
    }

    private mutating func hexadecimal(at start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("\\u needs four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}
