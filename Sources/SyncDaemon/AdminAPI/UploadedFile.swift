import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A file as it arrives, piece by piece; may be read once.
///
/// A reader that waits makes the sender wait, so memory stays the same however large
/// the file is. A sender that lets its reader wait too long is given up on.
struct UploadedFile: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    private let body: RequestBody
    private let bytesMax: Int
    private let time: any TimeSource
    private let patience: Duration

    /// - Parameter patience: How long nothing may come.
    init(_ body: RequestBody, bytesMax: Int, time: any TimeSource, patience: Duration) {
        self.body = body
        self.bytesMax = bytesMax
        self.time = time
        self.patience = patience
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let parts: Parts
        fileprivate let time: any TimeSource
        fileprivate let patience: Duration
        fileprivate var bytesLeft: Int

        /// - Throws: a 413 problem as soon as more came than the route takes, a 408 one when nothing came for too long.
        @concurrent
        mutating func next() async throws -> [UInt8]? {
            guard let part = try await arrival() else { return nil }
            bytesLeft -= part.readableBytes
            guard bytesLeft >= 0 else { throw BodyReader.tooLarge(0) }
            return Array(part.readableBytesView)
        }

        private enum Arrival: Sendable {
            case part(ByteBuffer?)
            case nothing
        }

        @concurrent
        private func arrival() async throws -> ByteBuffer? {
            let (parts, time, patience) = (self.parts, self.time, self.patience)
            return try await withThrowingTaskGroup(of: Arrival.self) { group in
                group.addTask { .part(try await parts.next()) }
                group.addTask {
                    try await time.sleep(for: patience)
                    return .nothing
                }
                defer { group.cancelAll() }
                guard case .part(let part) = try await group.next() else { throw UploadedFile.stalled(patience) }
                return part
            }
        }
    }

    /// The parts of a body in turn.
    fileprivate final class Parts: @unchecked Sendable {
        // Unchecked because only one task at a time waits for the next part, and nobody else reads.
        private var iterator: RequestBody.AsyncIterator

        init(_ body: RequestBody) { iterator = body.makeAsyncIterator() }

        @concurrent
        func next() async throws -> ByteBuffer? { try await iterator.next() }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(parts: Parts(body), time: time, patience: patience, bytesLeft: bytesMax)
    }

    private static func stalled(_ patience: Duration) -> Problem {
        var problem = Problem(
            .requestTimeout, "stalled",
            "Nothing of the file came for \(DurationText.write(patience)) (limits.request_timeout); what was committed before stays.",
            next: "send the same file again, with the same resume name to go on where it stopped")
        problem.closesConnection = true
        return problem
    }
}
