import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// An error as it goes out: RFC 9457 problem details, one shape for every status.
///
/// `code` is stable and machine-readable, `detail` is for the person who must act
/// on it: what failed, where, and in `next` the next command to run. Neither ever
/// holds a secret or a payload.
struct Problem: Error, Sendable {
    let status: HTTPResponse.Status
    let code: String
    var detail: String
    /// Which member of the request is wrong: `deltas[3].unit`, `limit`.
    var field: String?
    var next: String?
    var retryAfterSeconds: Int?
    /// Further members, such as the current value behind a stale edit.
    var members = JSONObject()
    var headers = HTTPFields()
    /// The connection ends with this answer, because unread bytes of the request are still in it.
    var closesConnection = false

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, field: String? = nil, next: String? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.next = next
    }

    func json(requestID: String?, trace: TraceParent?) -> JSON {
        var object = members
        object["type"] = .string("/problems/\(code)")
        object["title"] = .string(status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase)
        object["status"] = .integer(Int64(status.code))
        object["code"] = .string(code)
        object["detail"] = .string(detail)
        object["field"] = field.map(JSON.string)
        object["next"] = next.map(JSON.string)
        object["retry_after"] = retryAfterSeconds.map { .integer(Int64($0)) }
        object["request_id"] = requestID.map(JSON.string)
        object["trace_id"] = trace.map { .string($0.traceID) }
        return .object(object)
    }

    func response(for visit: Visit?) -> Response {
        let body = json(requestID: visit?.requestID, trace: visit?.trace)
        var response = Response.json(body, status: status)
        response.headers[.contentType] = "application/problem+json"
        for header in headers { response.headers.append(header) }
        if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
        guard closesConnection, let channel = visit?.channel else { return response }
        response.headers[.connection] = "close"
        let bytes = body.bytes
        response.body = ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes))
            try await writer.finish(nil)
            channel.close(mode: .all, promise: nil)
        }
        return response
    }

    /// What an error of any kind looks like from outside; nothing of an unforeseen one is shown.
    static func from(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as DeskError: error.problem
        case let error as JSONError: Problem(.badRequest, "json", error.description)
        case let error as ValidationFailure:
            Problem(.unprocessableContent, "invalid", error.description, field: error.field)
        case let error as any HTTPResponseError: framework(error.status)
        case is CancellationError: Problem.unavailable("the daemon is stopping", retryAfterSeconds: 5)
        default:
            Problem(.internalServerError, "internal", "The daemon failed on this request; its log has the reason.")
        }
    }

    static func framework(_ status: HTTPResponse.Status) -> Problem {
        switch status {
        case .notFound: Problem(.notFound, "no_route", "Nothing lives at this address.", next: "GET /openapi.json")
        case .contentTooLarge: Problem(.contentTooLarge, "too_large", "The body is larger than this route takes.")
        default: Problem(status, "http_\(status.code)", "The request cannot be served as it is.")
        }
    }

    static func unavailable(_ detail: String, retryAfterSeconds: Int) -> Problem {
        var problem = Problem(.serviceUnavailable, "unavailable", detail)
        problem.retryAfterSeconds = retryAfterSeconds
        return problem
    }

    static func invalid(_ field: String, _ reason: String) -> Problem {
        Problem(.unprocessableContent, "invalid", "\(field): \(reason)", field: field)
    }
}

extension Response {
    /// An answer of canonical JSON.
    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.bytes)))
    }

    static var noContent: Response { Response(status: .noContent) }
}
