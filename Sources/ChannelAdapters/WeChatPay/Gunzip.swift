package import Commerce
import CZlib

/// Undoes GZIP, and leaves what is none as it is.
package enum Gunzip {
    /// - Throws: ``ValidationFailure`` when it is damaged, ends early, or would be longer than `bytesMax`.
    package static func read(_ bytes: [UInt8], bytesMax: Int) throws(ValidationFailure) -> [UInt8] {
        guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
        var stream = z_stream()
        guard heyi_inflate_init(&stream, 15 + 16) == Z_OK else { throw ValidationFailure(field: "file", reason: "cannot be unpacked") }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        var status = Z_OK
        var chunk = [UInt8](repeating: 0, count: 65_536)
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            while status == Z_OK, output.count <= bytesMax {
                let made = chunk.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return target.count - Int(stream.avail_out)
                }
                output.append(contentsOf: chunk[..<made])
            }
        }
        guard output.count <= bytesMax else { throw ValidationFailure(field: "file", reason: "is longer than \(bytesMax) bytes") }
        guard status == Z_STREAM_END else { throw ValidationFailure(field: "file", reason: "is damaged or ends early") }
        return output
    }
}
