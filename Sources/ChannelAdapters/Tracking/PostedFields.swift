package import Commerce

/// The fields of a form as a platform posts it, decoded once.
///
/// Signatures of tracking services cover the decoded text of a field, so that it is taken byte for byte.
package struct PostedFields: Hashable, Sendable {
    private let fields: [String: String]
    private static let fieldsMax = 32

    /// - Throws: ``ValidationFailure`` for an escape or a character that is none, and for a field that comes twice:
    ///   one reader would check the first and another obey the second.
    package init(_ body: [UInt8]) throws(ValidationFailure) {
        var fields: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            guard fields.count < PostedFields.fieldsMax else {
                throw ValidationFailure(field: "body", reason: "has more than \(PostedFields.fieldsMax) fields")
            }
            let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try PostedFields.decoded(pair[..<end], of: "body")
            // A stranger chose it, and it goes to a log.
            let shown = ReportedValue(.string(name)).text(max: 40)
            let value = try PostedFields.decoded(pair[end...].dropFirst(), of: shown)
            guard fields.updateValue(value, forKey: name) == nil else {
                throw ValidationFailure(field: shown, reason: "comes twice")
            }
        }
        self.fields = fields
    }

    package subscript(name: String) -> String? { fields[name] }

    package func required(_ name: String) throws(ValidationFailure) -> String {
        guard let value = fields[name], !value.isEmpty else { throw ValidationFailure(field: name, reason: "is required") }
        return value
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>, of field: String) throws(ValidationFailure) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): output.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    throw ValidationFailure(field: field, reason: "has an escape that is none")
                }
                output.append(high << 4 | low)
            default: output.append(byte)
            }
        }
        guard let text = String(validating: output, as: UTF8.self) else {
            throw ValidationFailure(field: field, reason: "is not UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
