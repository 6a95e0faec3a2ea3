import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// An answer that stands: the same request under the same key gets it again, byte for byte.
struct StandingAnswer: Equatable, Sendable {
    let status: Int
    let body: [UInt8]
    /// What the body says, while it need not be read from it again.
    private var value: JSON?

    init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    init(_ value: JSON, status: Int = 200) {
        self.init(status: status, body: value.bytes)
        self.value = value
    }

    static func == (left: StandingAnswer, right: StandingAnswer) -> Bool { left.status == right.status && left.body == right.body }

    /// A refusal; it stands, too, so that a request that was refused is not done when it comes again later.
    init(_ problem: Problem) {
        self.init(status: problem.status.code, body: problem.json(requestID: nil, trace: nil).bytes)
    }

    var isRefusal: Bool { status >= 400 }

    /// - Parameter headers: made of the body, which is all that is kept.
    func response(_ headers: ((JSON) throws -> HTTPFields)? = nil) throws -> Response {
        var response = Response(
            status: HTTPResponse.Status(code: status),
            headers: [
                .contentType: isRefusal ? "application/problem+json" : "application/json; charset=utf-8",
                .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
        guard let headers else { return response }
        for header in try headers(try value ?? JSON.parse(body)) { response.headers.append(header) }
        return response
    }
}
