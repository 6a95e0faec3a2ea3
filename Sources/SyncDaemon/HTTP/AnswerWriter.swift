import Hummingbird
import HummingbirdCore
import NIOCore

/// Writes an answer's body piece by piece; returns when the piece is handed to the connection.
final class AnswerWriter: @unchecked Sendable {
    // Unchecked because only the task that answers the request ever writes to it.
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    @concurrent
    func write(_ bytes: [UInt8]) async throws { try await writer.write(ByteBuffer(bytes: bytes)) }
}
