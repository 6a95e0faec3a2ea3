import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Synchronization

/// Collects a body within its size and its time.
struct BodyReader: Sendable {
    let time: any TimeSource
    let patience: Duration

    /// Refuses by the declared length before a byte is read, and by what arrives where none is declared.
    ///
    /// - Throws: 400, 408 or 413; the connection ends then, as the rest of the body is still in it.
    func collect(_ request: Request, bytesMax: Int) async throws -> [UInt8] {
        try BodyReader.checkLength(request, bytesMax: bytesMax)
        let body = request.body
        let ending = Ending()
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            // Begun here and now: a body that came with its head is read without a stop, and needs no timer.
            group.addImmediateTask {
                var bytes: [UInt8] = []
                for try await part in body {
                    guard bytes.count + part.readableBytes <= bytesMax else { throw BodyReader.tooLarge(bytesMax) }
                    bytes.append(contentsOf: part.readableBytesView)
                }
                ending.isReached.store(true, ordering: .releasing)
                return bytes
            }
            if !ending.isReached.load(ordering: .acquiring) {
                group.addTask {
                    try await time.sleep(for: patience)
                    return nil
                }
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let bytes = first else { throw BodyReader.tooSlow }
            return bytes
        }
    }

    /// Whether a body has been read to its end.
    private final class Ending: Sendable {
        let isReached = Atomic(false)
    }

    static func checkLength(_ request: Request, bytesMax: Int) throws(Problem) {
        guard let text = request.headers[.contentLength] else { return }
        guard let length = Int(text), length >= 0 else {
            throw Problem(.badRequest, "content_length", "Content-Length is not a number.")
        }
        guard length <= bytesMax else { throw tooLarge(bytesMax) }
    }

    static func tooLarge(_ bytesMax: Int) -> Problem {
        var problem = Problem(.contentTooLarge, "too_large", "The body is larger than the \(bytesMax) bytes this route takes.")
        problem.closesConnection = true
        return problem
    }

    private static var tooSlow: Problem {
        var problem = Problem(.requestTimeout, "too_slow", "The body did not arrive in time.")
        problem.closesConnection = true
        return problem
    }
}
