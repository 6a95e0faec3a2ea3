import Foundation

/// The alphabet of RFC 4648 §4, padding required.
enum Base64 {
    static func decode(_ text: String) -> [UInt8]? { Foundation.Data(base64Encoded: text).map(Array.init) }
    static func encode(_ bytes: [UInt8]) -> String { Foundation.Data(bytes).base64EncodedString() }
}
