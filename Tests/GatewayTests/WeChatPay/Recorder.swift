import ChannelAdapters
import Synchronization

/// Stands in the way to a platform: keeps what was asked, and may lose or alter what is answered.
final class Recorder: Sendable {
    typealias Alter = @Sendable (_ request: HTTPRequest, _ response: HTTPResponse, _ count: Int) throws(TransportError) -> HTTPResponse
    private let kept = Mutex<[HTTPRequest]>([])
    private let alter: Alter

    init(_ alter: @escaping Alter = { _, response, _ throws(TransportError) in response }) { self.alter = alter }

    var requests: [HTTPRequest] { kept.withLock { $0 } }
    func over(_ inner: any HTTPTransport) -> any HTTPTransport { Way(recorder: self, inner: inner) }

    private struct Way: HTTPTransport {
        let recorder: Recorder
        let inner: any HTTPTransport

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let count = recorder.kept.withLock { kept in
                kept.append(request)
                return kept.count
            }
            return try recorder.alter(request, try await inner.send(request), count)
        }
    }
}
