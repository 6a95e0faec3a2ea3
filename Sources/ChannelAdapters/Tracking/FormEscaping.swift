/// How a text is escaped for a form; the encoders in use do not agree, and a digest over escaped text depends on which it was.
///
/// They differ in a space and in `*`, `~`, `!`, `'`, `(` and `)`.
package enum FormEscaping: CaseIterable, Sendable {
    /// `URLEncoder` of Java, the reference of SF's interface.
    case java
    /// `quote_plus` of Python.
    case python
    /// `encodeURIComponent` of JavaScript.
    case javaScript

    package func escape(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 {
            if keeps(byte) {
                output.append(byte)
            } else if byte == 0x20, self != .javaScript {
                output.append(UInt8(ascii: "+"))
            } else {
                output.append(UInt8(ascii: "%"))
                output.append(FormEscaping.digit(byte >> 4))
                output.append(FormEscaping.digit(byte & 15))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private func keeps(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): return true
        case UInt8(ascii: "*"): return self != .python
        case UInt8(ascii: "~"): return self != .java
        case UInt8(ascii: "!"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"): return self == .javaScript
        default: return false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    /// A form's body, its fields in this order.
    package static func form(_ fields: [(String, String)]) -> [UInt8] {
        Array(fields.map { "\($0.0)=\(FormEscaping.java.escape($0.1))" }.joined(separator: "&").utf8)
    }
}
