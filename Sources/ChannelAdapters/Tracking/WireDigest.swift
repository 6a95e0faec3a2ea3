import Crypto
import Foundation

/// Digests as tracking services write them.
package enum WireDigest {
    package static func md5(_ text: String) -> [UInt8] { Array(Insecure.MD5.hash(data: Array(text.utf8))) }
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    package static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    package static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Whether both are the same; takes as long wherever they first differ.
    static func same(_ left: String, _ right: String) -> Bool {
        // Digests are compared, so that the time says nothing of the length either.
        zip(sha256(Array(left.utf8)), sha256(Array(right.utf8))).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether it is one of several; looks at all of them whichever fits.
    static func isAny(_ text: String, of others: [String]) -> Bool {
        var found = false
        for other in others where same(text, other) { found = true }
        return found
    }

    /// Names a callback by all that came: told again it has the same name, and whatever differs has another.
    static func eventKey(_ parts: [String], body: [UInt8]) -> String {
        let words = parts.map { part in
            let plain = part.unicodeScalars.filter { (0x61...0x7A).contains($0.value | 0x20) || (0x30...0x39).contains($0.value) }
            return String(String.UnicodeScalarView(plain.prefix(32)))
        }
        return (words + [String(hex(sha256(body)).prefix(32))]).joined(separator: ".")
    }
}
