import Crypto

/// The W3C trace context of one request: carried through logs, problems and calls to channels.
///
/// Rule: https://www.w3.org/TR/trace-context/#traceparent-header
struct TraceParent: Hashable, Sendable {
    /// 32 lower-case hexadecimal digits, not all zero.
    let traceID: String
    /// 16 lower-case hexadecimal digits, not all zero: our own step.
    let spanID: String
    let sampled: Bool

    var text: String { "00-\(traceID)-\(spanID)-\(sampled ? "01" : "00")" }

    /// Continues the trace in a header, or begins one when there is none that can be read.
    static func following(_ header: String?) -> TraceParent {
        guard let header, let (trace, sampled) = read(header) else {
            return TraceParent(traceID: hexadecimal(16), spanID: hexadecimal(8), sampled: false)
        }
        return TraceParent(traceID: trace, spanID: hexadecimal(8), sampled: sampled)
    }

    private static func read(_ header: String) -> (trace: String, sampled: Bool)? {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2,
            parts[0...3].allSatisfy({ $0.utf8.allSatisfy(isLowerHexadecimal) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        return (String(parts[1]), flags & 1 == 1)
    }

    private static func isLowerHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func hexadecimal(_ count: Int) -> String {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Hexadecimal.text($0) }
    }
}

/// Bytes as lower-case hexadecimal text.
enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var output: [UInt8] = []
        for byte in bytes {
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }
}
