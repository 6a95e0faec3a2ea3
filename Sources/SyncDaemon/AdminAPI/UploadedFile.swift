import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A file as it arrives, piece by piece; may be read once.
///
/// A reader that waits makes the sender wait, so memory stays the same however large
/// the file is.
struct UploadedFile: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    private let body: RequestBody
    private let bytesMax: Int

    init(_ body: RequestBody, bytesMax: Int) {
        self.body = body
        self.bytesMax = bytesMax
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var parts: RequestBody.AsyncIterator
        fileprivate var bytesLeft: Int

        /// - Throws: a 413 problem as soon as more came than the route takes.
        @concurrent
        mutating func next() async throws -> [UInt8]? {
            guard let part = try await parts.next() else { return nil }
            bytesLeft -= part.readableBytes
            guard bytesLeft >= 0 else { throw BodyReader.tooLarge(0) }
            return Array(part.readableBytesView)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(parts: body.makeAsyncIterator(), bytesLeft: bytesMax) }
}
