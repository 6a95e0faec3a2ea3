/// Where the bytes of a file come from: a file, a request's body, a test.
package protocol ByteSource {
    /// How many bytes there are in all, where that is known.
    var size: Int64? { get }
    /// The next piece, of any size but zero; nil at the end.
    mutating func next() async throws(InterchangeError) -> [UInt8]?
}

/// Bytes that are in memory already, in pieces of a given size.
package struct MemoryBytes: ByteSource {
    private let bytes: [UInt8]
    private let piece: Int
    private var position = 0

    package init(_ bytes: [UInt8], piece: Int = 65_536) {
        self.bytes = bytes
        self.piece = max(1, piece)
    }

    package var size: Int64? { Int64(bytes.count) }

    package mutating func next() async throws(InterchangeError) -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let end = min(position + piece, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}
