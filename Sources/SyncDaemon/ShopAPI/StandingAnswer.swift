import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// An answer that stands: the same request under the same key gets it again, byte for byte.
struct StandingAnswer: Hashable, Sendable {
    let status: Int
    let body: [UInt8]

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    init(_ value: JSON, status: Int = 200) {
        self.init(status: status, body: value.bytes)
    }

    /// A refusal; it stands, too, so that a request that was refused is not done when it comes again later.
    init(_ problem: Problem) {
        self.init(status: problem.status.code, body: problem.json(requestID: nil, trace: nil).bytes)
    }

    var isRefusal: Bool { status >= 400 }

    /// - Parameter headers: made of the body, which is all that is kept.
    func response(_ headers: (JSON) throws -> HTTPFields = { _ in [:] }) throws -> Response {
        var response = Response(
            status: HTTPResponse.Status(code: status),
            headers: [
                .contentType: isRefusal ? "application/problem+json" : "application/json; charset=utf-8",
                .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
        for header in try headers(try JSON.parse(body)) { response.headers.append(header) }
        return response
    }
}
