import Glibc

/// The character set of the platform's statements, and of what it sends to accounts that asked for GBK.
package enum GB18030 {
    /// - Returns: nil for bytes that are not of it.
    package static func text(_ bytes: [UInt8]) -> String? {
        guard let converter = iconv_open("UTF-8", "GB18030"), converter != UnsafeMutableRawPointer(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var source = bytes.map(CChar.init(bitPattern:))
        // One byte gives one, two give three at most, and four give four.
        var output = [CChar](repeating: 0, count: bytes.count * 2 + 8)
        var (left, room) = (source.count, output.count)
        let capacity = output.count
        let outcome = source.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { result in
                var (from, to) = (input.baseAddress, result.baseAddress)
                return iconv(converter, &from, &left, &to, &room)
            }
        }
        guard outcome != -1, left == 0 else { return nil }
        return String(validating: output[..<(capacity - room)].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
