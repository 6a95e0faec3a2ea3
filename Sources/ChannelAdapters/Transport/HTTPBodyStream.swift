/// An answer whose body is still on its way.
package struct HTTPStreamedResponse: Sendable {
    package let status: Int
    /// Names in lower case, in the order received.
    package let headers: [(name: String, value: String)]
    package let body: HTTPBodyStream
}

/// The chunks of one answer's body, to be read once by one reader.
package final class HTTPBodyStream: AsyncSequence, Sendable {
    private let transport: CurlTransport
    private let id: UInt64

    init(transport: CurlTransport, id: UInt64) {
        self.transport = transport
        self.id = id
    }

    deinit { transport.dropStream(id) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        let stream: HTTPBodyStream

        package mutating func next() async throws(TransportError) -> [UInt8]? { try await stream.next() }

        package mutating func next(
            isolation: isolated (any Actor)?
        ) async throws(TransportError) -> [UInt8]? { try await stream.next() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }

    private func next() async throws(TransportError) -> [UInt8]? { try await transport.nextChunk(of: id) }
}
