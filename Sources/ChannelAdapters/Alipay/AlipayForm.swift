package import Commerce

/// The fields of a form as it came, each decoded once.
///
/// Values stay bytes: the platform signs them in the character set it sends them in, which a field among them names.
package struct AlipayForm: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: [UInt8]
    }

    package let fields: [Field]

    static let bytesMax = 1 << 16
    private static let fieldsMax = 200
    private static let nameMax = 64

    /// - Throws: ``ValidationFailure`` for what is no form, for a field that is there twice, and for more than anybody sends.
    package init(_ body: [UInt8]) throws(ValidationFailure) {
        guard !body.isEmpty else { throw ValidationFailure(field: "", reason: "the form is empty") }
        guard body.count <= AlipayForm.bytesMax else {
            throw ValidationFailure(field: "", reason: "the form is longer than \(AlipayForm.bytesMax) bytes")
        }
        var fields: [Field] = []
        var names: Set<String> = []
        for piece in body.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            let name = String(decoding: try AlipayForm.decode(piece[..<equals], field: "name"), as: UTF8.self)
            guard AlipayForm.isName(Array(name.utf8)) else {
                throw ValidationFailure(field: "", reason: "a field's name is not 1 to \(AlipayForm.nameMax) printable ASCII characters")
            }
            guard names.insert(name).inserted else { throw ValidationFailure(field: name, reason: "is there twice") }
            guard names.count <= AlipayForm.fieldsMax else {
                throw ValidationFailure(field: "", reason: "the form has more than \(AlipayForm.fieldsMax) fields")
            }
            fields.append(Field(name: name, value: try AlipayForm.decode(piece[equals...].dropFirst(), field: name)))
        }
        self.fields = fields
    }

    /// Printable ASCII without what parts fields in a text that is signed.
    private static func isName(_ bytes: [UInt8]) -> Bool {
        (1...nameMax).contains(bytes.count)
            && bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "=") }
    }

    /// The first field whose value could be taken for a shorter one and another field behind it; nil for none.
    ///
    /// What is signed escapes nothing, so `a=1&b=2` may be two fields or one. Only a form that can be read in one way proves anything.
    var ambiguous: String? {
        fields.first { field in
            field.value.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).dropFirst().contains { piece in
                guard let equals = piece.firstIndex(of: UInt8(ascii: "=")) else { return false }
                return AlipayForm.isName(Array(piece[..<equals]))
            }
        }?.name
    }

    private static func decode(_ text: ArraySlice<UInt8>, field: String) throws(ValidationFailure) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < text.endIndex, let high = digit(text[index + 1]), let low = digit(text[index + 2]) else {
                    throw ValidationFailure(field: field, reason: "% is not followed by two hexadecimal digits")
                }
                decoded.append(high << 4 | low)
                index += 2
            default: decoded.append(text[index])
            }
            index += 1
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    package subscript(name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    /// A field that is plain text in every character set.
    func ascii(_ name: String) -> String? {
        self[name].flatMap { bytes in bytes.allSatisfy { $0 < 0x80 } ? String(decoding: bytes, as: UTF8.self) : nil }
    }

    /// `name=value&…` in byte order of the names: what the platform signs.
    package func signedBytes(without excluded: Set<String>, dropsEmpty: Bool) -> [UInt8] {
        let signed = fields.filter { !excluded.contains($0.name) && !(dropsEmpty && $0.value.isEmpty) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var bytes: [UInt8] = []
        for field in signed {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            bytes.append(contentsOf: field.name.utf8)
            bytes.append(UInt8(ascii: "="))
            bytes.append(contentsOf: field.value)
        }
        return bytes
    }

    /// The fields as text, by the character set the form names.
    ///
    /// - Throws: ``ValidationFailure`` for a set that is not spoken, and for bytes that are not of it.
    func told() throws(ValidationFailure) -> AlipayTold {
        let charset = (ascii("charset") ?? "utf-8").lowercased()
        guard ["utf-8", "utf8", "gbk", "gb2312", "gb18030"].contains(charset) else {
            throw ValidationFailure(field: "charset", reason: "is neither UTF-8 nor GBK")
        }
        var texts: [String: String] = [:]
        for field in fields {
            let text = charset.hasPrefix("utf") ? String(validating: field.value, as: UTF8.self) : GB18030.text(field.value)
            guard let text else { throw ValidationFailure(field: field.name, reason: "is not in the character set the form names") }
            texts[field.name] = text
        }
        return AlipayTold(texts)
    }
}
