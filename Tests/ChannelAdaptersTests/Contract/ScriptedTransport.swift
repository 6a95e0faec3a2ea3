import ChannelAdapters
import Foundation

/// A transport without a network: gives the answers a test wrote, and keeps what was asked.
final class ScriptedTransport: HTTPTransport, @unchecked Sendable {
    // Unchecked because the mutable state is only touched under `lock`.
    private let lock = NSLock()
    private var script: [Result<HTTPResponse, TransportError>]
    private var asked: [HTTPRequest] = []

    init(_ script: [Result<HTTPResponse, TransportError>]) { self.script = script }

    var requests: [HTTPRequest] { lock.withLock { asked } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let answer = lock.withLock {
            asked.append(request)
            return script.isEmpty ? .failure(.unreachable(reason: "the script has ended")) : script.removeFirst()
        }
        return try answer.get()
    }
}

extension Result where Success == HTTPResponse, Failure == TransportError {
    static func answer(
        _ status: Int = 200, _ body: String = "", _ headers: [(name: String, value: String)] = []
    ) -> Result { .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))) }
}

extension HTTPRequest {
    subscript(header: String) -> String? { headers.first { $0.name.lowercased() == header }?.value }
    var text: String { String(decoding: body ?? [], as: UTF8.self) }
}
