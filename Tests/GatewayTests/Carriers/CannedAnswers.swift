import ChannelAdapters
import Foundation

/// Answers requests with texts one after the other, and remembers what was asked.
final class CannedAnswers: HTTPTransport, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var answers: [String]
    private var asked: [HTTPRequest] = []

    init(_ answers: [String]) { self.answers = answers }

    var targets: [String] {
        lock.withLock { asked.map { request in String(request.url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }) } }
    }
    var bodies: [[UInt8]] { lock.withLock { asked.map { $0.body ?? [] } } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let answer: String? = lock.withLock {
            asked.append(request)
            return answers.isEmpty ? nil : answers.removeFirst()
        }
        guard let answer else { throw .unreachable(reason: "nothing more to say") }
        return HTTPResponse(status: 200, headers: [], body: Array(answer.utf8))
    }
}
