/// A code printed for scanners: EAN, UPC, GTIN, or a shop's own.
package enum Barcode {
    /// Whether the check digit is right; nil when the text has no GTIN's shape (8, 12, 13 or
    /// 14 digits) and so no check digit to verify. Rule: GS1 General Specifications §7.9.
    package static func checkDigitHolds(_ code: String) -> Bool? {
        let bytes = Array(code.utf8)
        guard [8, 12, 13, 14].contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var sum = 0
        for (place, byte) in bytes.reversed().enumerated() {
            sum += Int(byte - 0x30) * (place % 2 == 0 ? 1 : 3)
        }
        return sum % 10 == 0
    }

    static func check(_ value: JSON) throws(ValidationFailure) -> JSON {
        var reader = try ValueReader(value, allowed: ["code"])
        let code = try reader.text("code", max: 64, required: true) ?? ""
        guard checkDigitHolds(code) != false else {
            throw reader.fail("code", "\"\(code)\" has the length of a GTIN but its check digit is wrong")
        }
        return reader.result
    }
}
