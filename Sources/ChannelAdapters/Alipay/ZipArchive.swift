import CZlib
package import Commerce

/// Takes a ZIP archive apart, in memory and within limits.
///
/// Names in it are never used for anything, so none can lead out of anywhere. Sizes are believed only after the fact.
package enum ZipArchive {
    package struct Limits: Sendable {
        package var entriesMax = 16
        /// Of all entries together, taken apart.
        package var bytesMax = 64 << 20
        /// How many times as long as it was an entry may become; statements come to ten or twenty.
        package var ratioMax = 200

        package init() {}
    }

    private static let endBytes = 22

    /// The contents of all entries that are files, in the archive's order.
    ///
    /// - Throws: ``ValidationFailure`` for what is no archive, is damaged, encrypted or too much.
    package static func contents(of bytes: [UInt8], limits: Limits = Limits()) throws(ValidationFailure) -> [[UInt8]] {
        let end = try endRecord(bytes)
        let count = try bytes.number(at: end + 10, 2)
        guard count <= limits.entriesMax else { throw fault("it has more than \(limits.entriesMax) entries") }
        var offset = try bytes.number(at: end + 16, 4)
        var room = limits.bytesMax
        var contents: [[UInt8]] = []
        for _ in 0..<count {
            guard try bytes.number(at: offset, 4) == 0x0201_4B50 else { throw fault("its directory is damaged") }
            let skipped = try bytes.number(at: offset + 28, 2) + bytes.number(at: offset + 30, 2) + bytes.number(at: offset + 32, 2)
            let nameEnd = try 46 + offset + bytes.number(at: offset + 28, 2)
            guard nameEnd <= bytes.count else { throw fault("it ends too soon") }
            if bytes[nameEnd - 1] != UInt8(ascii: "/") {
                let content = try entry(bytes, at: offset, room: room, ratioMax: limits.ratioMax)
                room -= content.count
                contents.append(content)
            }
            offset += 46 + skipped
        }
        return contents
    }

    private static func fault(_ reason: String) -> ValidationFailure { ValidationFailure(field: "archive", reason: reason) }

    private static func endRecord(_ bytes: [UInt8]) throws(ValidationFailure) -> Int {
        guard bytes.count >= endBytes else { throw fault("it is no ZIP archive") }
        for offset in stride(from: bytes.count - endBytes, through: max(0, bytes.count - endBytes - 65_535), by: -1)
        where try bytes.number(at: offset, 4) == 0x0605_4B50 {
            return offset
        }
        throw fault("it is no ZIP archive")
    }

    /// - Parameter offset: of its record in the directory.
    private static func entry(_ bytes: [UInt8], at offset: Int, room: Int, ratioMax: Int) throws(ValidationFailure) -> [UInt8] {
        let (flags, method) = try (bytes.number(at: offset + 8, 2), bytes.number(at: offset + 10, 2))
        let sum = try UInt32(bytes.number(at: offset + 16, 4))
        let (packed, size) = try (bytes.number(at: offset + 20, 4), bytes.number(at: offset + 24, 4))
        guard flags & 1 == 0 else { throw fault("an entry is encrypted") }
        guard packed != 0xFFFF_FFFF, size != 0xFFFF_FFFF else { throw fault("an entry is longer than any statement") }
        guard size <= room, size <= (packed + 64) * ratioMax else { throw fault("it becomes longer than is allowed") }
        let local = try bytes.number(at: offset + 42, 4)
        guard try bytes.number(at: local, 4) == 0x0403_4B50 else { throw fault("an entry is not where it should be") }
        let start = try local + 30 + bytes.number(at: local + 26, 2) + bytes.number(at: local + 28, 2)
        guard start + packed <= bytes.count else { throw fault("it ends too soon") }
        let content: [UInt8]
        switch method {
        case 0: content = Array(bytes[start..<(start + packed)])
        case 8: content = try inflate(Array(bytes[start..<(start + packed)]), size: size)
        default: throw fault("an entry is packed in a way that is not spoken")
        }
        guard content.count == size else { throw fault("an entry is not as long as it says") }
        let found = content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
        guard UInt32(truncatingIfNeeded: found) == (content.isEmpty ? 0 : sum) else { throw fault("an entry's sum is wrong") }
        return content
    }

    private static func inflate(_ packed: [UInt8], size: Int) throws(ValidationFailure) -> [UInt8] {
        var stream = z_stream()
        guard heyi_inflate_init(&stream, -15) == Z_OK else { throw fault("it cannot be unpacked") }
        defer { inflateEnd(&stream) }
        // One byte more, so that an entry longer than it says is seen to be.
        var output = [UInt8](repeating: 0, count: size + 1)
        var input = packed
        let status = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.next_in = from.baseAddress
                stream.avail_in = uInt(from.count)
                stream.next_out = to.baseAddress
                stream.avail_out = uInt(to.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { throw fault("an entry is damaged") }
        return Array(output[..<Int(stream.total_out)])
    }
}

extension [UInt8] {
    /// A little-endian number of so many bytes.
    fileprivate func number(at offset: Int, _ width: Int) throws(ValidationFailure) -> Int {
        guard offset >= 0, offset <= count - width else { throw ValidationFailure(field: "archive", reason: "it ends too soon") }
        return self[offset..<(offset + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
