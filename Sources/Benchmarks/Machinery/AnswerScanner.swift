/// Finds the end of an HTTP/1.1 answer as its bytes come.
///
/// Looks at bytes alone: the load shares its cores with the daemon it measures.
struct AnswerScanner {
    private struct Head {
        /// Where the body begins.
        var end = 0
        var length = 0
        var isChunked = false
    }

    private var bytes: [UInt8] = []
    private var head: Head?

    private static let contentLength: [UInt8] = Array("content-length:".utf8)
    private static let transferEncoding: [UInt8] = Array("transfer-encoding:".utf8)
    private static let lastChunk: [UInt8] = Array("0\r\n\r\n".utf8)

    /// - Parameter body: gets the body of a whole answer, before it is dropped.
    /// - Returns: the status once the answer is whole.
    mutating func take(_ part: ArraySlice<UInt8>, body use: (ArraySlice<UInt8>) -> Void = { _ in }) -> Int? {
        bytes += part
        head = head ?? bytes.withUnsafeBufferPointer { AnswerScanner.head(of: $0) }
        guard let head else { return nil }
        if head.isChunked {
            guard bytes.count >= head.end + 5, bytes.suffix(5).elementsEqual(AnswerScanner.lastChunk) else { return nil }
        } else {
            guard bytes.count >= head.end + head.length else { return nil }
        }
        use(bytes[head.end...])
        defer {
            bytes.removeAll(keepingCapacity: true)
            self.head = nil
        }
        return bytes[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    /// - Returns: nil while it is not whole.
    private static func head(of bytes: UnsafeBufferPointer<UInt8>) -> Head? {
        var head = Head()
        var line = 0
        for index in bytes.indices where bytes[index] == 10 {
            if index - line <= 1, line > 0 {
                head.end = index + 1
                return head
            }
            let text = UnsafeBufferPointer(rebasing: bytes[line..<index])
            if begins(text, contentLength) {
                head.length = text.dropFirst(contentLength.count).reduce(0) { 48...57 ~= $1 ? $0 * 10 + Int($1) - 48 : $0 }
            } else if begins(text, transferEncoding) {
                head.isChunked = true
            }
            line = index + 1
        }
        return nil
    }

    /// Whatever the case of its letters.
    private static func begins(_ line: UnsafeBufferPointer<UInt8>, _ name: [UInt8]) -> Bool {
        guard line.count >= name.count else { return false }
        for index in name.indices where line[index] | 0x20 != name[index] | 0x20 { return false }
        return true
    }
}
