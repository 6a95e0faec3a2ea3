package import Commerce

/// An answer taken apart without reading what is in it: what was signed, as the very bytes that came, and its signature.
///
/// The signature covers the bytes of one member's value, white space within and escapes such as `\/` included, so they
/// are found by walking the text and never by writing it anew.
package struct AlipayEnvelope: Hashable, Sendable {
    /// `alipay_trade_query_response`, or `error_response`.
    package let name: String
    package let content: [UInt8]
    package let signature: String?
    /// Which of the platform's certificates it was signed with.
    package let certificate: String?

    /// - Throws: ``ValidationFailure`` for what is no such answer, also where something is there twice.
    package init(_ body: [UInt8]) throws(ValidationFailure) {
        var walk = AlipayWalk(body)
        var found: (name: String, content: [UInt8])?
        var (signature, certificate): (String?, String?) = (nil, nil)
        var names: Set<String> = []
        try walk.open()
        while let (name, value) = try walk.member() {
            guard names.insert(name).inserted else { throw ValidationFailure(field: name, reason: "is there twice") }
            switch name {
            case "sign": signature = try AlipayEnvelope.plain(body[value], name)
            case "alipay_cert_sn": certificate = try AlipayEnvelope.plain(body[value], name)
            case _ where name.hasSuffix("_response"):
                guard found == nil else { throw ValidationFailure(field: name, reason: "is a second answer in one") }
                found = (name, Array(body[value]))
            default: break
            }
        }
        guard let found else { throw ValidationFailure(field: "", reason: "no answer is in it") }
        (name, content) = found
        self.signature = signature
        self.certificate = certificate
    }

    /// A text of characters that need no escape but the slash's.
    private static func plain(_ literal: ArraySlice<UInt8>, _ name: String) throws(ValidationFailure) -> String {
        let quote = UInt8(ascii: "\"")
        guard literal.count >= 2, literal.first == quote, literal.last == quote else {
            throw ValidationFailure(field: name, reason: "must be a text")
        }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in literal.dropFirst().dropLast() {
            if !isEscaped, byte == UInt8(ascii: "\\") { isEscaped = true; continue }
            guard (0x20..<0x7F).contains(byte), !isEscaped || byte == UInt8(ascii: "/") else {
                throw ValidationFailure(field: name, reason: "has an escape or a character that it never has")
            }
            isEscaped = false
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Walks over the members of the outermost object of a JSON text.
private struct AlipayWalk {
    private let bytes: [UInt8]
    private var offset = 0
    private var isFirst = true
    private static let depthMax = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func fault(_ reason: String) -> ValidationFailure { ValidationFailure(field: "", reason: "\(reason), at byte \(offset)") }

    private mutating func skipSpace() {
        while let byte = current, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) throws(ValidationFailure) {
        guard current == UInt8(ascii: character) else { throw fault("expected \(character)") }
        offset += 1
    }

    mutating func open() throws(ValidationFailure) {
        skipSpace()
        try take("{")
    }

    /// The next member and where its value stands; nil after the last, when nothing follows but white space.
    mutating func member() throws(ValidationFailure) -> (name: String, value: Range<Int>)? {
        skipSpace()
        if current == UInt8(ascii: "}") {
            offset += 1
            skipSpace()
            guard current == nil else { throw fault("text after the answer") }
            return nil
        }
        if !isFirst {
            try take(",")
            skipSpace()
        }
        isFirst = false
        let start = offset
        try string()
        let raw = bytes[(start + 1)..<(offset - 1)]
        // A name with an escape could be another name to the next reader.
        guard !raw.contains(UInt8(ascii: "\\")) else { throw fault("a name with an escape") }
        skipSpace()
        try take(":")
        skipSpace()
        let first = offset
        try value()
        return (String(decoding: raw, as: UTF8.self), first..<offset)
    }

    private mutating func string() throws(ValidationFailure) {
        try take("\"")
        while let byte = current {
            offset += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        offset = bytes.count
        throw fault("a text without an end")
    }

    private mutating func value() throws(ValidationFailure) {
        guard let first = current else { throw fault("the answer ends where a value was expected") }
        if first == UInt8(ascii: "\"") { return try string() }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            guard isScalar(first) else { throw fault("expected a value") }
            while current.map(isScalar) == true { offset += 1 }
            return
        }
        var closers: [UInt8] = []
        repeat {
            guard let byte = current else { throw fault("the answer ends within a value") }
            switch byte {
            case UInt8(ascii: "\""): try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                closers.append(byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                guard closers.count <= AlipayWalk.depthMax else { throw fault("nested deeper than \(AlipayWalk.depthMax) levels") }
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard closers.popLast() == byte else { throw fault("a bracket that closes nothing") }
                offset += 1
            default: offset += 1
            }
        } while !closers.isEmpty
    }

    /// Whether a byte belongs to a number, `true`, `false` or `null`.
    private func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
